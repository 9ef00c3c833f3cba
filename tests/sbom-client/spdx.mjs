// { files } → { errors }: what SPDX's schema of 3.0.1 has against each document, and the library of expressions against licences
import { readFileSync } from "node:fs";
import addFormats from "ajv-formats";
import Ajv from "ajv/dist/2020.js";
import parseExpression from "spdx-expression-parse";
import { fileOf } from "./packed.mjs";

const schema = JSON.parse(readFileSync(fileOf("@cyclonedx/cdxgen"), "utf8"));

/** Properties that take an element or its id, and the ids among their values that the schema itself knows. */
function referencesOf({ $defs }) {
  const references = new Map();
  for (const [name, { $ref }] of Object.entries($defs)) {
    const choices = (name.startsWith("prop_") && $ref && $defs[$ref.split("/").at(-1)]?.anyOf) || [];
    if (!choices.some((choice) => choice.$ref === "#/$defs/BlankNodeOrIRI")) continue;
    const known = choices.flatMap((choice) => ("const" in choice ? [choice.const] : []));
    for (const [owner, { allOf }] of Object.entries($defs)) {
      if (!owner.endsWith("_props")) continue;
      for (const { properties } of allOf ?? []) {
        for (const [property, value] of Object.entries(properties ?? {})) {
          if (JSON.stringify(value).includes(`"#/$defs/${name}"`)) references.set(property, new Set([...(references.get(property) ?? []), ...known]));
        }
      }
    }
  }
  return references;
}

const references = referencesOf(schema);
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(schema);
const idOf = (node) => node.spdxId ?? node["@id"] ?? "an element without id";

// Ids that are there twice, and names of elements that aren't there.
function looseEnds(document) {
  const errors = [];
  const ids = new Set();
  for (const node of document["@graph"]) {
    if (ids.has(idOf(node))) errors.push(`${idOf(node)}: is there twice`);
    ids.add(idOf(node));
  }
  for (const node of document["@graph"]) {
    for (const [property, known] of references) {
      for (const id of [node[property] ?? []].flat()) {
        if (typeof id === "string" && !ids.has(id) && !known.has(id)) errors.push(`${idOf(node)}: ${property} names ${id}, which isn't there`);
      }
    }
  }
  return errors;
}

// The schema lets an element stand where its id does, and only then says of which class it must be.
function whole(document) {
  const nodes = new Map(document["@graph"].map((node) => [idOf(node), node]));
  const put = (id) => nodes.get(id) ?? id;
  const filled = ([property, value]) => [property, !references.has(property) ? value : Array.isArray(value) ? value.map(put) : put(value)];
  return { ...document, "@graph": document["@graph"].map((node) => Object.fromEntries(Object.entries(node).map(filled))) };
}

function schemaErrors(document) {
  if (validate(document)) return [];
  // Of each class that an element is not, there is an error too.
  const told = validate.errors.filter(({ keyword, instancePath }) => keyword !== "if" && !(keyword === "const" && /^(\/@graph\/\d+)?(\/type)?$/.test(instancePath)));
  return (told.length > 0 ? told : validate.errors).map(({ instancePath, message, params }) => {
    const [, at, rest] = /^(?:\/@graph\/(\d+))?(.*)$/.exec(instancePath);
    return `${at === undefined ? "document" : idOf(document["@graph"][at])}: ${rest} ${message} ${JSON.stringify(params)}`;
  });
}

function licenseErrors(document) {
  return document["@graph"].filter(({ type }) => type === "simplelicensing_LicenseExpression").flatMap((node) => {
    try {
      parseExpression(node.simplelicensing_licenseExpression);
      return [];
    } catch (error) {
      return [`${idOf(node)}: ${node.simplelicensing_licenseExpression}: ${error.message}`];
    }
  });
}

function judge(document) {
  for (const errorsOf of [schemaErrors, looseEnds, (all) => schemaErrors(whole(all)), licenseErrors]) {
    const errors = errorsOf(document);
    if (errors.length > 0) return [...new Set(errors)].slice(0, 20);
  }
  return [];
}

try {
  if (!["suppliedBy", "creationInfo", "from", "to", "rootElement", "element", "createdBy"].every((property) => references.has(property))) throw new Error("The schema is not as expected.");
  const { files } = JSON.parse(process.argv[2]);
  const errors = files.map((file) => judge(JSON.parse(readFileSync(file, "utf8"))));
  process.stdout.write(JSON.stringify({ result: { errors } }) + "\n");
} catch (error) {
  process.stdout.write(JSON.stringify({ error: { message: error.message, status: null } }) + "\n");
  process.exitCode = 1;
}
