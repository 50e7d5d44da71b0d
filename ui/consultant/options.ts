// `applyWidgetsOptions`: which files a pack has for which device, and what it does before and after its controllers.
//
// What must always hold: a device that is missing falls back to one that is there; a hook that throws or answers
// nonsense changes nothing.
import type { ControllerInput } from "./controllers";
import { guarded } from "./log";
import type { Templates } from "./template";

/** Devices in the order in which one stands in for another. */
const DEVICES = ["desktop", "tablet", "mobile"] as const;

/** A kind of device, as `getDeviceType()` names it. */
export type Device = (typeof DEVICES)[number];

type Plain = Record<string, unknown>;

/** What packs have said. */
export class WidgetsOptions {
  readonly #byDevice = new Map<Device, Plain>();

  /** Takes options; what is said later of a device is added to what was said before. */
  apply(options: unknown): void {
    const devices = plain(plain(options)["VC"]);
    for (const device of DEVICES) {
      const given = devices[device];
      if (isPlain(given)) this.#byDevice.set(device, { ...this.#byDevice.get(device), ...given });
    }
  }

  /** The device whose form runs here: this one, or the first that has any. */
  get device(): Device {
    return DEVICES.find((device) => this.#byDevice.has(device)) ?? "desktop";
  }

  /** `beforeViewControllerRun`: it may give other settings and templates. */
  before(input: ControllerInput): ControllerInput {
    const { settings, templates } = input;
    const made = plain(this.#call("beforeViewControllerRun", settings, templates));
    return {
      settings: isPlain(made["settings"]) ? made["settings"] : settings,
      templates: isPlain(made["tpls"]) ? (made["tpls"] as Templates) : templates,
    };
  }

  /** `afterViewControllerRun`. */
  after(ui: unknown): void {
    this.#call("afterViewControllerRun", ui);
  }

  #call(name: string, ...args: unknown[]): unknown {
    const hook = this.#byDevice.get(this.device)?.[name];
    if (typeof hook !== "function") return undefined;
    return guarded(name, () => (hook as (...args: unknown[]) => unknown)(...args));
  }
}

function plain(value: unknown): Plain {
  return isPlain(value) ? value : {};
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
