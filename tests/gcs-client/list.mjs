// { url, token?, bucket, prefix? } → what the client says of each object
import { run, storage } from "./arguments.mjs";

await run(async ({ bucket, prefix, ...rest }) => {
  const [files] = await storage(rest).bucket(bucket).getFiles({ prefix });
  return files.map(({ metadata }) => ({
    name: metadata.name,
    size: Number(metadata.size),
    generation: metadata.generation,
    md5: metadata.md5Hash ?? null,
    crc32c: metadata.crc32c,
    encoding: metadata.contentEncoding ?? null,
  }));
});
