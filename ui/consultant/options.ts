// `applyWidgetsOptions`: which files a pack has for which controller and device, and what it does before and after
// its controllers run.
//
// What must always hold: a device that is missing falls back to one that is there; of two pages that name files for
// the same controller and device the first one counts; a hook that throws or answers nonsense changes nothing.
import type { DeviceKind } from "../generated/DeviceKind";
import type { ControllerInput } from "./controllers";
import { guarded } from "./log";
import { isPlain, plain, type Plain } from "./plain";
import type { Templates } from "./template";

/** Devices in the order in which one stands in for another. */
const DEVICES: readonly DeviceKind[] = ["desktop", "tablet", "mobile"];
/** The names that say of the chat what there is; `VC`: of any controller. */
const OF_THE_CHAT = ["consultant", "VC"];
const FILES = ["js", "css", "tpls"];

/** What a pack has said of a controller, for the device whose form runs. */
export interface Entry {
  /** The controller's name, or `VC`. */
  readonly name: string;
  /** Where its relative paths start: the URL of the script that has said it. */
  readonly base: string;
  /** As it was said. */
  readonly given: Plain;
}

/** What the runtime asks of it. */
export interface PackOptions {
  /** The device whose form runs here. */
  readonly device: DeviceKind;
  /** `applyWidgetsOptions`. */
  apply(options: unknown): void;
  /** `beforeViewControllerRun` of an entry, or of `VC`: it may give other settings and templates. */
  before(name: string, input: ControllerInput): ControllerInput;
  /** `afterViewControllerRun` of an entry, or of `VC`. */
  after(name: string, ui: unknown): void;
}

/** What packs have said. */
export class WidgetsOptions implements PackOptions {
  /** The device whose form is wanted. */
  wanted: DeviceKind = "desktop";
  /** Where relative paths start that no script has said. */
  base = "";
  readonly #said = new Map<string, Map<DeviceKind, Entry>>();

  /** Takes options; what is said later of a device is added to what was said before. */
  apply(options: unknown): void {
    const script = document.currentScript as HTMLScriptElement | null;
    for (const [name, devices] of Object.entries(plain(options))) {
      for (const device of DEVICES) {
        const given = plain(devices)[device];
        if (isPlain(given)) this.#add(device, { name, base: script?.src || this.base, given });
      }
    }
  }

  /** What there is for the device that is wanted or, controller by controller, for the one that stands in for it. */
  get entries(): Entry[] {
    return [...this.#said.keys()].flatMap((name) => this.#entry(name) ?? []);
  }

  /** The device whose form runs here: the chat's, where there is one. */
  get device(): DeviceKind {
    const names = [...OF_THE_CHAT, ...this.#said.keys()];
    return names.map((name) => this.#device(name)).find((device) => device !== undefined) ?? this.wanted;
  }

  before(name: string, { settings, templates }: ControllerInput): ControllerInput {
    const made = plain(this.#call(name, "beforeViewControllerRun", settings, templates));
    return {
      settings: isPlain(made["settings"]) ? made["settings"] : settings,
      templates: isPlain(made["tpls"]) ? (made["tpls"] as Templates) : templates,
    };
  }

  after(name: string, ui: unknown): void {
    this.#call(name, "afterViewControllerRun", ui);
  }

  #add(device: DeviceKind, entry: Entry): void {
    const byDevice = this.#said.get(entry.name) ?? new Map<DeviceKind, Entry>();
    this.#said.set(entry.name, byDevice);
    const before = byDevice.get(device);
    if (!before) return void byDevice.set(device, entry);
    if (hasFiles(entry) && hasFiles(before) && pageOf(entry) !== pageOf(before)) return;
    const { base } = hasFiles(entry) ? entry : before;
    byDevice.set(device, { ...entry, base, given: { ...before.given, ...entry.given } });
  }

  #device(name: string): DeviceKind | undefined {
    const byDevice = this.#said.get(name);
    return byDevice && [this.wanted, ...DEVICES].find((device) => byDevice.has(device));
  }

  #entry(name: string): Entry | undefined {
    const device = this.#device(name);
    return device && this.#said.get(name)?.get(device);
  }

  #call(name: string, hook: string, ...args: unknown[]): unknown {
    const run = (this.#entry(name) ?? this.#entry("VC"))?.given[hook];
    if (typeof run !== "function") return undefined;
    return guarded(hook, () => (run as (...args: unknown[]) => unknown)(...args));
  }
}

function hasFiles({ given }: Entry): boolean {
  return FILES.some((key) => key in given);
}

/** The page that an entry comes from, whichever of its scripts has said it. */
function pageOf({ base }: Entry): string | undefined {
  return base.split("?")[0];
}
