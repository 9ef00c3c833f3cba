// { repo, type?, commit, path, cacheDir } → the path of the file in the cache, found without any request
import { downloadFileToCacheDir } from "@huggingface/hub";
import { repository, run } from "./arguments.mjs";

await run(({ commit, path, cacheDir, ...rest }) =>
  downloadFileToCacheDir({
    repo: repository(rest),
    revision: commit,
    path,
    cacheDir,
    fetch: () => Promise.reject(new Error(`${path} is not in the cache`)),
  }));
