// Arguments come as one JSON object in argv[2]; the result goes to stdout as one line of JSON.
import { Storage } from "@google-cloud/storage";
import { OAuth2Client } from "google-auth-library";

export async function run(action) {
  try {
    const result = await action(JSON.parse(process.argv[2]));
    process.stdout.write(JSON.stringify({ result: result ?? null }) + "\n");
  } catch (error) {
    const status = Number(error.code ?? error.status);
    process.stdout.write(JSON.stringify({ error: { message: error.message, status: Number.isInteger(status) ? status : null } }) + "\n");
    process.exitCode = Number.isInteger(status) ? 0 : 1;
  }
}

// A client of the service at a URL, which asks with a token or as anybody.
export function storage({ url, token }) {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token ?? "" });
  return new Storage({
    apiEndpoint: url,
    projectId: "example",
    useAuthWithCustomEndpoint: token !== undefined,
    retryOptions: { autoRetry: false },
    ...(token === undefined ? {} : { authClient }),
  });
}
