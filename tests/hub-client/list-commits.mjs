// { hubUrl, repo, type?, revision?, batchSize? } → the history
import { listCommits } from "@huggingface/hub";
import { repository, run } from "./arguments.mjs";

await run(async ({ hubUrl, revision, batchSize, ...rest }) => {
  const commits = [];
  for await (const commit of listCommits({ repo: repository(rest), hubUrl, revision, batchSize })) {
    commits.push(commit);
  }
  return commits;
});
