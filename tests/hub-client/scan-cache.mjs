// { cacheDir } → what the client finds in a cache folder
import { scanCacheDir } from "@huggingface/hub";
import { run } from "./arguments.mjs";

await run(async ({ cacheDir }) => {
  const { warnings, ...found } = await scanCacheDir(cacheDir);
  return { ...found, warnings: warnings.map((warning) => warning.message) };
});
