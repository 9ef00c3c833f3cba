// { connection, container, files: { name: text }, count?, isPublic?, blocks? } → the ETags, by name
// `count` adds that many small blobs `many/NUMBER`; `blocks` uploads by blocks, which leaves no MD5.
import { container, run } from "./arguments.mjs";

await run(async ({ files, count, isPublic, blocks, ...rest }) => {
  const target = container(rest);
  await target.createIfNotExists(isPublic ? { access: "container" } : {});
  const etags = {};
  for (const [name, text] of Object.entries(files ?? {})) {
    const blob = target.getBlockBlobClient(name);
    const content = Buffer.from(text);
    if (blocks) {
      const id = Buffer.from("block-00").toString("base64");
      await blob.stageBlock(id, content, content.length);
      etags[name] = (await blob.commitBlockList([id])).etag;
    } else {
      etags[name] = (await blob.upload(content, content.length)).etag;
    }
  }
  for (let first = 0; first < (count ?? 0); first += 64) {
    const numbers = Array.from({ length: Math.min(64, count - first) }, (_, i) => first + i);
    await Promise.all(numbers.map((number) => {
      const text = `blob ${number}`;
      return target.getBlockBlobClient(`many/${String(number).padStart(5, "0")}`).upload(text, text.length);
    }));
  }
  return etags;
});
