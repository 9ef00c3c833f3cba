// { endpoint, keyId, secret, bucket, prefix? } → [{ key, size }]
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { connect, run } from "./arguments.mjs";

await run(async ({ bucket: Bucket, prefix: Prefix, ...rest }) => {
  const rows = [];
  for await (const page of paginateListObjectsV2({ client: connect(rest) }, { Bucket, Prefix, EncodingType: "url" })) {
    for (const { Key, Size } of page.Contents ?? []) {
      // Servers that don't know the encoding say so by leaving it out of their answer.
      rows.push({ key: page.EncodingType === "url" ? decodeURIComponent(Key.replaceAll("+", " ")) : Key, size: Size });
    }
  }
  return rows;
});
