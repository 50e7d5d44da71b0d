// The files of a company's pack, brought into the page by tags: the page may fetch nothing, and a script that a tag
// has brought tells its file, its line and its column when it fails.
import type { Problem } from "../../generated/Problem";

/** A compiled template's function: `isTrusted` says of a value whether it is HTML that the company has written. */
export type TemplateFunction = (settings: object, isTrusted: (value: unknown) => boolean) => string;

/** What a template's script leaves on its tag. */
export interface LoadedTemplate {
  template?: TemplateFunction;
  /** Why it could not be compiled. */
  flaw?: Problem;
}

/** Brings files in. Each promise rejects where the file did not come. Tests supply their own. */
export interface Tags {
  style(url: string): Promise<void>;
  /** Runs after those that were asked for before. */
  script(url: string): Promise<void>;
  template(url: string): Promise<LoadedTemplate>;
}

/** Tags in the page's head. */
export const pageTags: Tags = {
  style: (url) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    // So that the page may read its rules (theme.ts).
    link.crossOrigin = "anonymous";
    link.href = url;
    return added(link).then(() => undefined);
  },
  script: (url) => added(scriptOf(url, false)).then(() => undefined),
  template: async (url) => {
    const script = scriptOf(`${url}?template`, true);
    await added(script);
    script.remove();
    const { template, flaw } = script as LoadedTemplate;
    return { ...(template && { template }), ...(flaw && { flaw }) };
  },
};

function scriptOf(url: string, isAsync: boolean): HTMLScriptElement {
  const script = document.createElement("script");
  // Without it the page would hear of an error, but not where.
  script.crossOrigin = "anonymous";
  script.async = isAsync;
  script.src = url;
  return script;
}

function added<Tag extends HTMLElement>(element: Tag): Promise<Tag> {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", () => resolve(element));
    element.addEventListener("error", () => reject(new Error("the file did not come")));
    document.head.append(element);
  });
}
