// { url, token?, bucket, name, generation? } → { size, sha256 } of the content, which the client checks against its checksums
import { createHash } from "node:crypto";
import { run, storage } from "./arguments.mjs";

await run(async ({ bucket, name, generation, ...rest }) => {
  const [content] = await storage(rest).bucket(bucket).file(name, { generation }).download({ validation: true });
  return { size: content.length, sha256: createHash("sha256").update(content).digest("hex") };
});
