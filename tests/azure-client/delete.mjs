// { connection, container, name }
import { container, run } from "./arguments.mjs";

await run(({ name, ...rest }) => container(rest).deleteBlob(name).then(() => null));
