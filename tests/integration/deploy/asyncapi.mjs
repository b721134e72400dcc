// Parses AsyncAPI documents with the @asyncapi/parser in a folder, and fails where one is not sound:
// node asyncapi.mjs FOLDER DOCUMENT...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, ...files] = process.argv.slice(2);
const { Parser } = createRequire(`${folder}/`)("@asyncapi/parser");

// A schema of a format that the parser does not know is passed over, with a warning at most: nothing of it is checked.
const unchecked = (node, path = "") =>
  node && typeof node === "object"
    ? Object.entries(node).flatMap(([key, value]) =>
        key === "schemaFormat" && !/^application\/vnd\.aai\.asyncapi/.test(value)
          ? [`${path}: unchecked schema, ${value}`]
          : unchecked(value, `${path}/${key}`))
    : [];

let sound = files.length > 0;
for (const file of files) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"), { source: file });
  const wrong = diagnostics
    .filter((each) => each.severity === 0 || /schema parser registered/.test(each.message))
    .map((each) => `${each.path.join("/")}: ${each.message}`);
  if (document) wrong.push(...unchecked({ components: document.json("components") }));
  for (const each of wrong) console.log(`${file}: ${each}`);
  console.log(`${file}: ${document?.allMessages().all().length ?? 0} messages, ${wrong.length} faults`);
  sound &&= document !== undefined && wrong.length === 0;
}
process.exit(sound ? 0 : 1);
