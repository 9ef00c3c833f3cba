// { hubUrl, repo, revision?, fields?, accessToken? } → the model's page
import { modelInfo } from "@huggingface/hub";
import { run } from "./arguments.mjs";

await run(({ hubUrl, repo, revision, fields, accessToken }) => modelInfo({ name: repo, hubUrl, revision, additionalFields: fields, accessToken }));
