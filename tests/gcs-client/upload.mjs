// { url, token?, bucket, files: { name: text }, gzip? } → the generations, by name
import { run, storage } from "./arguments.mjs";

await run(async ({ bucket, files, gzip, ...rest }) => {
  const target = storage(rest).bucket(bucket);
  const generations = {};
  for (const [name, text] of Object.entries(files)) {
    const file = target.file(name);
    await file.save(text, { resumable: false, gzip: gzip ?? false });
    generations[name] = file.metadata.generation;
  }
  return generations;
});
