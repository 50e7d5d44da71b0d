// What the tests of a company's form share: a page that is opened with a pack of functions, over a desk in memory.
import { afterEach, beforeEach, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryForm } from "../../backend/memory";
import type { PackWindow } from "../../consultant/global";
import { WidgetsOptions } from "../../consultant/options";
import { bootRuntime, type Runtime } from "../../consultant/runtime";
import type { FlawReport } from "../../generated/FlawReport";
import type { FormSettings } from "../../generated/FormSettings";
import type { PackAnswer } from "../../generated/PackAnswer";
import type { PackBoot } from "../../generated/PackBoot";
import { askForm, openForm } from "../pack";
import { PackFiles, packBoot } from "./fixtures";

/** A run of a controller. */
export type Run = [
  name: string,
  settings: Record<string, unknown>,
  tpls: Record<string, (data: object) => string>,
];

export let desk: MemoryVisitor;
export let files: PackFiles;
export let runtime: Runtime;
export let ran: Run[];
let hidden: boolean;
/** How late a controller may be in a test. */
export const LATE_MS = 50;
/** The page begins anew. */
export const reload = vi.fn();
/** The default form's styles are taken out. */
export const removeStyle = vi.fn();

/** A fresh page before each test of a file. */
export function runInStage(): void {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    document.body.replaceChildren();
    sessionStorage.clear();
    localStorage.clear();
    Reflect.deleteProperty(window, "__cs");
    desk = new MemoryVisitor();
    files = new PackFiles();
    ran = [];
    hidden = false;
    reload.mockClear();
    removeStyle.mockClear();
    // A frame is painted at once.
    vi.stubGlobal("requestAnimationFrame", (paint: () => void) => (hidden ? 0 : setTimeout(paint)));
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}

/** A window that nobody sees paints no frame. */
export function hideWindow(): void {
  hidden = true;
}

/** An empty page again, as after a reload. */
export function startAnew(): void {
  document.body.replaceChildren();
  ran = [];
}

/** The page's queue of commands. */
export const queue = (): { push(command: unknown[]): unknown } => (window as PackWindow).__cs as never;

/** A controller that notes what it is run with. */
export function register(name: string, then: (...run: Run) => void = () => undefined): void {
  (window as PackWindow).CallGear?.UI.registerViewController(name, (...run: [Run[1], Run[2]]) => {
    ran.push([name, ...run]);
    then(name, ...run);
  });
}

/** An index.html whose script names a controller's files. */
function page(path: string, options: object): string {
  files.scripts.set(`${path}?script=0`, () => void queue().push(["applyWidgetsOptions", options]));
  return `${path}?script=0`;
}

/** A script that registers these controllers. */
export function script(path: string, ...names: string[]): void {
  files.scripts.set(path, () => names.forEach((name) => register(name)));
}

interface Opening {
  device?: PackAnswer["device"];
  form?: Partial<FormSettings>;
  flaw?: PackAnswer["flaw"];
}

/** Opens a page with this pack; `null` is none. */
export async function open(
  pack: Partial<PackBoot> | null,
  { device = "desktop", form, flaw = null }: Opening = {},
): Promise<void> {
  desk = new MemoryVisitor(memoryBoot(form ? { form: memoryForm(form) } : {}));
  desk.told.pack = { device, pack: pack && packBoot(pack), flaw };
  const options = new WidgetsOptions();
  const answer = askForm(desk);
  runtime = await bootRuntime(desk, window as PackWindow, options);
  await openForm({
    body: document.body,
    backend: desk,
    runtime,
    options,
    answer,
    style: { loaded: Promise.resolve(), remove: removeStyle },
    tags: files,
    lateMs: LATE_MS,
    loadDefault: (isStandIn) => {
      const tag = {
        src: "tauri://localhost/packs/default/joined.js",
        dataset: isStandIn ? { standIn: "" } : {},
      };
      const current = vi.spyOn(document, "currentScript", "get").mockReturnValue(tag as never);
      register("call_generator");
      register("consultant");
      current.mockRestore();
      return Promise.resolve({ settings: { own: "default", chat: { title: "Default" } }, templates: {} });
    },
    reload,
  });
}

/** An element by its name. */
export const part = (name: string): HTMLElement | null => document.querySelector(`[data-test="${name}"]`);
/** Why there is no form. */
export const stopped = (): string | undefined => part("form-stopped-why")?.textContent;
/** What is said above the form. */
export const notice = (): string | undefined => part("pack-notice")?.querySelector("span")?.textContent;
/** What the app was asked to say in words. */
export const reported = (): FlawReport[] =>
  desk.calls.filter(([verb]) => verb === "packFlaw").map(([, report]) => report as FlawReport);
/** How often the app was told that the form is up. */
export const ups = (): number => desk.calls.filter(([verb]) => verb === "packUp").length;

/** The kit's shape: a folder for each controller and device. */
export function kit(): Partial<PackBoot> {
  const pages = ["consultant", "sitephone", "call_generator"].flatMap((name) =>
    (name === "sitephone" ? ["desktop"] : ["desktop", "mobile"]).map((device) => {
      const folder = `${name}-${device}`;
      script(`${folder}/${name}.js`, name);
      files.styles.add(`${folder}/${name}.css`);
      files.templates.set(`${folder}/tpls/${name}.html`, {
        template: (data) => `<p>${folder} ${JSON.stringify(data)}</p>`,
      });
      return page(`${folder}/index.html`, {
        [name]: {
          [device]: { js: `${name}.js`, css: `${name}.css`, tpls: { [name]: `tpls/${name}.html` } },
        },
      });
    }),
  );
  const settings = Object.fromEntries(pages.map((one) => [one.split("/")[0], { of: one.split("/")[0] }]));
  return { pages, settings };
}
