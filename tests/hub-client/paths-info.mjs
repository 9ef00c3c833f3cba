// { hubUrl, repo, type?, revision?, paths, expand?, accessToken? } → what the Hub knows of those paths
import { pathsInfo } from "@huggingface/hub";
import { repository, run } from "./arguments.mjs";

await run(({ hubUrl, revision, paths, expand, accessToken, ...rest }) => pathsInfo({ repo: repository(rest), hubUrl, revision, paths, expand, accessToken }));
