// Runs compiled templates. In: [{"script", "data", "trusted": [text]}]; out: [{"made"} | {"thrown", "line", "column"}].
"use strict";
const vm = require("node:vm");

// What a company's templates find on the page.
globalThis.Comagic = { getDeviceType: () => "desktop", UI: { C: { IMAGES: { OPERATOR: "operator.svg" } } } };

function run({ script, data, trusted }) {
  globalThis.document = { currentScript: {} };
  try {
    new vm.Script(script, { filename: "template.js" }).runInThisContext();
    return { made: globalThis.document.currentScript.template(data, (text) => trusted.includes(text)) };
  } catch (error) {
    const [, line, column] = /template\.js:(\d+)(?::(\d+))?/.exec(error.stack.split("\n    at ").at(1) ?? "") ?? /template\.js:(\d+)()/.exec(error.stack);
    return { thrown: String(error), line: Number(line), column: Number(column) };
  }
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (input += part));
process.stdin.on("end", () => process.stdout.write(JSON.stringify(JSON.parse(input).map(run))));
