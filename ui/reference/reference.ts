// Tables of the consultant API for docs/packs.md, made from the types in ui/consultant/interface.ts.
//
// What must always hold: every method and event has its sentence; one without is an error, not an empty cell.
import ts from "typescript";

/** Interfaces of a file by name. */
export type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/** Reads the interfaces of a TypeScript text. */
export function interfacesOf(text: string): Interfaces {
  const file = ts.createSourceFile("interface.ts", text, ts.ScriptTarget.Latest, true);
  const found = file.statements.filter(ts.isInterfaceDeclaration);
  return new Map(found.map((one) => [one.name.text, one]));
}

/** The names of an interface's members, in their order. */
export function namesOf(declaration: ts.InterfaceDeclaration): string[] {
  return declaration.members.map((member) => nameOf(member));
}

/** A table of an interface's methods or properties. */
export function tableOf(declaration: ts.InterfaceDeclaration): string {
  const hasMethods = declaration.members.some(ts.isMethodSignature);
  const head = hasMethods ? "| method | what it does |" : "| event | payload | when |";
  const rule = hasMethods ? "| --- | --- |" : "| --- | --- | --- |";
  return [head, rule, ...declaration.members.map(rowOf)].join("\n");
}

/** Puts the tables between their marks: `<!-- table: NAME -->` and `<!-- end -->`. */
export function withTables(page: string, interfaces: Interfaces): string {
  return page.replace(
    /(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      const declaration = interfaces.get(name);
      if (!declaration) throw new Error(`there is no interface ${name}`);
      return `${begin}\n${tableOf(declaration)}\n\n${end}`;
    },
  );
}

function rowOf(member: ts.TypeElement): string {
  const said = sentenceOf(member);
  if (ts.isMethodSignature(member)) return `| \`${signatureOf(member)}\` | ${said} |`;
  const type = ts.isPropertySignature(member) ? (member.type?.getText() ?? "") : "";
  const payload = type === "undefined" ? "–" : `\`${inCell(type)}\``;
  return `| \`${nameOf(member)}\` | ${payload} | ${said} |`;
}

function signatureOf(member: ts.MethodSignature): string {
  const given = member.parameters.map((parameter) => parameter.getText()).join(", ");
  const answer = member.type?.getText() ?? "void";
  const ends = answer === "void" || answer === "unknown" ? "" : `: ${answer}`;
  return inCell(`${nameOf(member)}(${given})${ends}`);
}

function nameOf(member: ts.TypeElement): string {
  return member.name?.getText() ?? "";
}

function sentenceOf(member: ts.TypeElement): string {
  const [comment] = ts.getJSDocCommentsAndTags(member);
  const said = comment ? ts.getTextOfJSDocComment(comment.comment) : undefined;
  if (!said) throw new Error(`${nameOf(member)} has no sentence`);
  return said.replaceAll("\n", " ").replaceAll("|", "\\|");
}

function inCell(code: string): string {
  return code.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}
