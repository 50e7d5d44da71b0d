// docs/packs.md is up to date with the types; `npm run reference` writes its tables.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { interfacesOf, namesOf, tableOf, withTables } from "./reference";

const root = resolve(import.meta.dirname, "../..");
const page = resolve(root, "docs/packs.md");
const read = (file: string): string => readFileSync(resolve(root, file), "utf8");
const interfaces = interfacesOf(read("ui/consultant/interface.ts"));

it("docs/packs.md has the tables that the types make", () => {
  const before = readFileSync(page, "utf8");
  const after = withTables(before, interfaces);
  if (process.env["WRITE_REFERENCE"]) writeFileSync(page, after);
  else expect(after).toBe(before);
});

it("every interface that controllers know is a table there", () => {
  const shown = [...readFileSync(page, "utf8").matchAll(/<!-- table: (\w+) -->/g)].map(([, name]) => name);
  const known = [...interfaces.keys()].filter((name) => /(Methods|Events|Chat)$/.test(name));
  expect(shown.sort()).toEqual(known.sort());
});

it("the rows of the conformance suite are the members of the types", () => {
  const rows = read("tests/tests/windows/conformance/rows.txt").split("\n");
  const named = (kind: string): string[] =>
    rows.filter((row) => row.startsWith(`${kind} `)).map((row) => row.split(" ")[1] ?? "");
  const members = (name: string): string[] => {
    const declaration = interfaces.get(name);
    return declaration ? namesOf(declaration) : [];
  };
  expect(members("ConsultantChat").sort()).toEqual(named("method").sort());
  expect(members("ConsultantChatEvents").sort()).toEqual(named("event").sort());
});

it("a member without a sentence is an error", () => {
  const bare = interfacesOf("interface Bare { show(): void }").get("Bare");
  expect(() => bare && tableOf(bare)).toThrow("show has no sentence");
});
