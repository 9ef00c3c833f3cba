// { hubUrl, repo, type?, revision?, path, accessToken? } → { size, etag, xet?, url }, or null for a missing file
import { fileDownloadInfo } from "@huggingface/hub";
import { repository, run } from "./arguments.mjs";

await run(({ hubUrl, revision, path, accessToken, ...rest }) => fileDownloadInfo({ repo: repository(rest), hubUrl, revision, path, accessToken }));
