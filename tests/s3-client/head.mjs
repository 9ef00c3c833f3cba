// { endpoint, keyId, secret, bucket, key, versionId? } → { size, versionId, sha256, checksumType, base64 }
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { connect, run } from "./arguments.mjs";

await run(async ({ bucket: Bucket, key: Key, versionId: VersionId, ...rest }) => {
  const client = connect(rest);
  const head = await client.send(new HeadObjectCommand({ Bucket, Key, VersionId, ChecksumMode: "ENABLED" }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return {
    size: head.ContentLength,
    versionId: head.VersionId ?? null,
    sha256: head.ChecksumSHA256 ?? null,
    checksumType: head.ChecksumType ?? null,
    base64: await Body.transformToString("base64"),
  };
});
