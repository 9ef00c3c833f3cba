// { connection, container, permissions } → the query of a shared access signature for the container, good for an hour
import { ContainerSASPermissions } from "@azure/storage-blob";
import { container, run } from "./arguments.mjs";

await run(async ({ permissions, ...rest }) => {
  const url = await container(rest).generateSasUrl({
    permissions: ContainerSASPermissions.parse(permissions),
    expiresOn: new Date(Date.now() + 3600_000),
  });
  return new URL(url).search.slice(1);
});
