// Arguments come as one JSON object in argv[2]; the result goes to stdout as one line of JSON.
import { BlobServiceClient } from "@azure/storage-blob";

export async function run(action) {
  try {
    const result = await action(JSON.parse(process.argv[2]));
    process.stdout.write(JSON.stringify({ result: result ?? null }) + "\n");
  } catch (error) {
    process.stdout.write(JSON.stringify({ error: { message: error.message, status: error.statusCode ?? null } }) + "\n");
    process.exitCode = error.statusCode ? 0 : 1;
  }
}

export function container({ connection, container }) {
  return BlobServiceClient.fromConnectionString(connection).getContainerClient(container);
}
