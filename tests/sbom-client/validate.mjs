// { file } → { errors, urls }: what CycloneDX's schema of 1.6 has against a document and the library of expressions against
// its licences, and its package URLs taken apart
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import addDraft2019 from "ajv-formats-draft2019";
import { PackageURL } from "packageurl-js";
import parseExpression from "spdx-expression-parse";

const schemas = new URL("node_modules/@cyclonedx/cyclonedx-library/res/schema/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, schemas), "utf8"));

function validator() {
  const ajv = new Ajv({ strict: false, allErrors: true, addUsedSchema: false });
  addFormats(ajv);
  addDraft2019(ajv);
  ajv.addSchema(read("jsf-0.82.SNAPSHOT.schema.json"), "http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json");
  ajv.addSchema(read("spdx.SNAPSHOT.schema.json"), "http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json");
  return ajv.compile(read("bom-1.6.SNAPSHOT.schema.json"));
}

try {
  const { file } = JSON.parse(process.argv[2]);
  const document = JSON.parse(readFileSync(file, "utf8"));
  const validate = validator();
  validate(document);
  const errors = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  document.components.flatMap(({ licenses }) => licenses ?? []).forEach(({ expression }) => expression && parseExpression(expression));
  const urls = document.components.map(({ purl }) => PackageURL.fromString(purl)).map(({ type, namespace, name, version, qualifiers }) => ({ type, namespace, name, version, qualifiers }));
  process.stdout.write(JSON.stringify({ result: { errors, urls } }) + "\n");
} catch (error) {
  process.stdout.write(JSON.stringify({ error: { message: error.message, status: null } }) + "\n");
  process.exitCode = 1;
}
