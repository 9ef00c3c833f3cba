// Arguments come as one JSON object in argv[2]; the result goes to stdout as one line of JSON.
import { S3Client } from "@aws-sdk/client-s3";

export async function run(action) {
  try {
    const result = await action(JSON.parse(process.argv[2]));
    process.stdout.write(JSON.stringify({ result: result ?? null }) + "\n");
  } catch (error) {
    const status = error.$metadata?.httpStatusCode ?? null;
    process.stdout.write(JSON.stringify({ error: { message: `${error.name}: ${error.message}`, status } }) + "\n");
    process.exitCode = status ? 0 : 1;
  }
}

export function connect({ endpoint, region = "us-east-1", keyId, secret, sessionToken }) {
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: keyId, secretAccessKey: secret, sessionToken },
  });
}
