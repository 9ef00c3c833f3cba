// { connection, container, prefix? } → what the client says of each blob
import { container, run } from "./arguments.mjs";

await run(async ({ prefix, ...rest }) => {
  const blobs = [];
  for await (const { name, versionId, properties } of container(rest).listBlobsFlat({ prefix })) {
    blobs.push({
      name,
      size: properties.contentLength,
      md5: properties.contentMD5 ? Buffer.from(properties.contentMD5).toString("base64") : null,
      version: versionId ?? null,
    });
  }
  return blobs;
});
