// { hubUrl, repo, type?, revision?, cacheDir, accessToken? } → the folder of the snapshot
import { snapshotDownload } from "@huggingface/hub";
import { repository, run } from "./arguments.mjs";

await run(({ hubUrl, revision, cacheDir, accessToken, ...rest }) => snapshotDownload({ repo: repository(rest), hubUrl, revision, cacheDir, accessToken, xet: false }));
