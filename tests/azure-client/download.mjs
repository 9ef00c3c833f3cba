// { connection, container, name } → { size, sha256 }
import { createHash } from "node:crypto";
import { container, run } from "./arguments.mjs";

await run(async ({ name, ...rest }) => {
  const content = await container(rest).getBlockBlobClient(name).downloadToBuffer();
  return { size: content.length, sha256: createHash("sha256").update(content).digest("hex") };
});
