// { endpoint, keyId, secret, bucket, objects: [{ key, base64, checksum?: "SHA256", parts? }] } → [{ key, versionId }]
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { connect, run } from "./arguments.mjs";

await run(async ({ bucket: Bucket, objects, ...rest }) => {
  const client = connect(rest);
  const written = [];
  for (const { key: Key, base64, checksum: ChecksumAlgorithm, parts = 1 } of objects) {
    const Body = Buffer.from(base64, "base64");
    if (parts === 1) {
      const answer = await client.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm }));
      written.push({ key: Key, versionId: answer.VersionId ?? null });
      continue;
    }
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm }));
    const Parts = [];
    const size = Math.ceil(Body.length / parts);
    for (let PartNumber = 1; PartNumber <= parts; PartNumber++) {
      const piece = Body.subarray((PartNumber - 1) * size, PartNumber * size);
      const part = await client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: piece, ChecksumAlgorithm }),
      );
      Parts.push({ PartNumber, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 });
    }
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    written.push({ key: Key, versionId: null });
  }
  return written;
});
