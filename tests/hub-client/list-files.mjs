// { hubUrl, repo, type?, revision?, expand?, path?, accessToken? } → the rows of the tree
import { listFiles } from "@huggingface/hub";
import { repository, run } from "./arguments.mjs";

await run(async ({ hubUrl, revision, expand, path, accessToken, ...rest }) => {
  const rows = [];
  for await (const row of listFiles({ repo: repository(rest), hubUrl, revision, expand, path, accessToken, recursive: true })) {
    rows.push(row);
  }
  return rows;
});
