// { url, token?, bucket, parts, name } → what the client says of the object that the parts make
import { run, storage } from "./arguments.mjs";

await run(async ({ bucket, parts, name, ...rest }) => {
  const [file] = await storage(rest).bucket(bucket).combine(parts, name);
  const [{ md5Hash, crc32c, componentCount }] = await file.getMetadata();
  return { md5: md5Hash ?? null, crc32c, componentCount };
});
