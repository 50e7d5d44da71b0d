// What the tests of packs share: a pack whose files are functions, run as tags would run them.
import { vi } from "vitest";
import type { PackBoot } from "../../generated/PackBoot";
import type { LoadedTemplate, Tags } from "./tags";

export const BASE = "pack://localhost/0123456789abcdef/";

/** What a page is told of a pack; `fields` says what differs. */
export function packBoot(fields: Partial<PackBoot> = {}): PackBoot {
  return { base: BASE, options: null, pages: [], settings: {}, trusted: [], digest: "d1", ...fields };
}

/** The files of a pack, by path. A script runs with its own URL as `document.currentScript`'s. */
export class PackFiles implements Tags {
  /** What was brought in, in order: `style a.css`, `script a.js`, `template a.html`. */
  readonly asked: string[] = [];
  readonly scripts = new Map<string, () => void>();
  readonly templates = new Map<string, LoadedTemplate>();
  readonly styles = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  style(url: string): Promise<void> {
    const path = this.#ask("style", url);
    return this.styles.has(path) ? Promise.resolve() : Promise.reject(new Error(path));
  }

  script(url: string): Promise<void> {
    const path = this.#ask("script", url);
    const run = this.#last.then(() => this.#run(path, url));
    this.#last = run.catch(() => undefined);
    return run;
  }

  template(url: string): Promise<LoadedTemplate> {
    const path = this.#ask("template", url);
    const found = this.templates.get(path);
    return found ? Promise.resolve(found) : Promise.reject(new Error(path));
  }

  #ask(kind: string, url: string): string {
    const path = url.replace(BASE, "");
    this.asked.push(`${kind} ${path}`);
    return path;
  }

  #run(path: string, url: string): void {
    const script = this.scripts.get(path);
    if (!script) throw new Error(path);
    const tag = { src: url, dataset: {} } as unknown as HTMLScriptElement;
    const current = vi.spyOn(document, "currentScript", "get").mockReturnValue(tag);
    try {
      script();
    } catch (problem) {
      const { message } = problem as Error;
      window.dispatchEvent(new ErrorEvent("error", { filename: url, lineno: 7, colno: 3, message }));
    } finally {
      current.mockRestore();
    }
  }
}
