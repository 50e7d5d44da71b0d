// What goes wrong in a company's form, as the page sees it: which file, which line.
//
// What must always hold: only what lies in the pack is told of; nothing of what a person wrote.
import { CHAT } from "../../consultant/controllers";
import type { FlawReport } from "../../generated/FlawReport";
import type { Problem } from "../../generated/Problem";
import { isRemote, pathOf } from "./mapping";

/** Found by the page, or said already by who has compiled a template. */
export type Flaw = FlawReport | Problem;

/** What a script's or a template's failure is called. */
interface Failure {
  url: string;
  line: number;
  column: number;
  message: string;
}

/** A form that fails without end is told of so often, in words of so many characters. */
const MOST = 50;
const LONGEST = 300;
const NOWHERE = { line: 0, column: 0 };

/** What has gone wrong so far in the pack whose files lie below `base`. */
export class Flaws {
  readonly #base: string;
  readonly #found: Flaw[] = [];
  readonly #templates = new Set<string>();
  readonly #listeners: ((flaw: Flaw) => void)[] = [];
  #isUp = false;

  constructor(base: string) {
    this.#base = base;
  }

  /** In the order in which they were found. */
  get found(): readonly Flaw[] {
    return this.#found;
  }

  /** Calls `listener` at each one from now on. */
  onFound(listener: (flaw: Flaw) => void): void {
    this.#listeners.push(listener);
  }

  /** The form is up: a script that fails from now on is the console's business. */
  up(): void {
    this.#isUp = true;
  }

  /** These URLs' scripts are compiled templates: where an error happened, WebKit names the file alone. */
  know(templates: readonly string[]): void {
    for (const url of templates) this.#templates.add(pathOf(this.#base, url) ?? url);
  }

  /** Notes one. */
  add(flaw: Flaw): Flaw {
    // Before it is compared with what is known: a form may fail thousands of times a second.
    if (this.#found.length >= MOST) return flaw;
    const text = JSON.stringify(flaw);
    const known = this.#found.find((one) => JSON.stringify(one) === text);
    if (known) return known;
    this.#found.push(flaw);
    for (const listener of this.#listeners) listener(flaw);
    return flaw;
  }

  /** A file that did not come. */
  missing(url: string): Flaw {
    return this.add({ kind: "missing", path: pathOf(this.#base, url) ?? url });
  }

  /** A path that leads out of the pack, named by the page at `page`: nowhere, or into the network. */
  outside(path: string, page: string): Flaw {
    if (!isRemote(path)) return this.add({ kind: "missing", path });
    const target = path.trim().slice(0, LONGEST);
    return this.add({ kind: "network", path: pathOf(this.#base, page) ?? "", ...NOWHERE, target });
  }

  /** A template whose script came and left nothing: the engine could not read it, and may have said why. */
  unusable(url: string): Flaw {
    const path = pathOf(this.#base, url) ?? url;
    const said = this.#found.find((one) => "kind" in one && one.kind === "template" && one.path === path);
    return said ?? this.add({ kind: "template", path, ...NOWHERE, message: "" });
  }

  /**
   * Why the form of the chat did not start. A template that failed leaves a controller without what it looks for.
   * `isThere`: its controller ran, and threw `problem`.
   */
  cause(problem: unknown, isThere = false): Flaw {
    const first = (kind: FlawReport["kind"]): Flaw | undefined =>
      this.#found.find((one) => "kind" in one && one.kind === kind);
    const said = first("template") ?? this.blame(problem) ?? first("script") ?? first("eval");
    if (said) return said;
    // What was thrown may be no error, and say of no place.
    if (isThere) return { kind: "script", path: "", ...NOWHERE, message: String(problem).slice(0, LONGEST) };
    return first("missing") ?? { kind: "no_controller", name: CHAT };
  }

  /** What a script or a template threw, where it says that it comes from the pack. */
  thrown(problem: unknown): void {
    if (this.#isUp) return;
    const report = this.blame(problem);
    if (report) this.add(report);
  }

  /** Why a controller failed: the place in the pack that the problem comes from. */
  blame(problem: unknown): FlawReport | null {
    const failure = failureOf(problem, this.#base);
    const report = failure && this.#report(failure);
    return report && problem instanceof EvalError ? asEval(report) : report;
  }

  /** Hears what scripts throw while they load, and what the page's policy has refused them. */
  listen(page: Window): void {
    page.addEventListener("error", ({ filename, lineno, colno, message }) => {
      if (this.#isUp || typeof filename !== "string") return;
      const report = this.#report({ url: filename, line: lineno, column: colno, message });
      if (report) this.add(/^(Uncaught )?EvalError:/.test(message) ? asEval(report) : report);
    });
    page.document.addEventListener("securitypolicyviolation", (event) => {
      const report = this.#violation(event);
      if (report) this.add(report);
    });
  }

  #report({ url, line, column, message }: Failure): FlawReport | null {
    const path = pathOf(this.#base, url);
    if (path === null) return null;
    const kind = this.#templates.has(path) ? "template" : "script";
    return { kind, path, line, column, message: message.slice(0, LONGEST) };
  }

  #violation(event: SecurityPolicyViolationEvent): FlawReport | null {
    const { blockedURI, sourceFile, lineNumber: line, columnNumber: column } = event;
    const target = blockedURI.slice(0, LONGEST);
    const path = pathOf(this.#base, sourceFile) ?? "";
    const isProgram = event.effectiveDirective.startsWith("script-src");
    if (/eval$/.test(target) || (target === "inline" && isProgram))
      return { kind: "eval", path, line, column };
    // A font that is missing is only missing; a picture in a text of its own is no way out.
    if (event.effectiveDirective === "font-src") return null;
    return /^(https?|wss?|ftp):/.test(target) ? { kind: "network", path, line, column, target } : null;
  }
}

/** Is it the same thing as one that is known, and says less of where? */
export function isVaguer(flaw: Flaw, known: Flaw): boolean {
  const isPlaced = (one: Flaw): boolean => "line" in one && one.line > 0;
  const isSame = "kind" in flaw && "kind" in known && flaw.kind === known.kind;
  return isSame && isPlaced(known) && !isPlaced(flaw);
}

/** The engine's own word for it names a policy that nobody here has written. */
function asEval(report: FlawReport): FlawReport {
  if (report.kind !== "script") return report;
  const { path, line, column } = report;
  return { kind: "eval", path, line, column };
}

/** The first place of the pack in the stack: what is above it is the runtime's, which was called wrongly. */
function failureOf(problem: unknown, base: string): Failure | null {
  if (!(problem instanceof Error)) return null;
  const { name, message, stack = "" } = problem;
  const words = `${name}: ${message}`;
  const start = stack.indexOf(base);
  const [, url = "", line, column] = /^(\S*?):(\d+):(\d+)/.exec(start < 0 ? "" : stack.slice(start)) ?? [];
  if (url !== "") return { url, line: Number(line), column: Number(column), message: words };
  // WebKit's own; a mistake in the writing has no stack.
  const own = problem as Error & Partial<Record<"sourceURL" | "line" | "column", unknown>>;
  if (typeof own.sourceURL !== "string") return null;
  return { url: own.sourceURL, line: numberOf(own.line), column: numberOf(own.column), message: words };
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
