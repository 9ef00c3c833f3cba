// { hubUrl, repo, type?, revision?, path, accessToken? } → { size, sha256 }, or null for a missing file
import { createHash } from "node:crypto";
import { downloadFile } from "@huggingface/hub";
import { repository, run } from "./arguments.mjs";

await run(async ({ hubUrl, revision, path, accessToken, ...rest }) => {
  // Plain HTTP: the Xet protocol has a server of its own, which the loopback Hub is not.
  const blob = await downloadFile({ repo: repository(rest), hubUrl, revision, path, accessToken, xet: false });
  if (!blob) {
    return null;
  }
  const content = Buffer.from(await blob.arrayBuffer());
  return { size: content.length, sha256: createHash("sha256").update(content).digest("hex") };
});
