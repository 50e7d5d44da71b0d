// What packs see: `window.CallGear` (and `Comagic`, the same), the base class and the command queue.
import { takeOver, type Command, type CommandQueue } from "./queue";
import type { PublicUi } from "./ui";
import { Widget } from "./widget";

/** `window.CallGear`. */
export interface CallGear {
  UI: PublicUi;
  getDeviceType(): "desktop";
  getVisitorId(): string;
}

/** The names that packs know. */
export interface PackWindow {
  CallGear?: CallGear;
  Comagic?: CallGear;
  CallGearWidget?: typeof Widget;
  ComagicWidget?: typeof Widget;
  __cs?: CommandQueue | unknown[];
}

/** Puts the names into `target`; commands that were given before are carried out now. */
export function install(
  target: PackWindow,
  callGear: CallGear,
  commands: ReadonlyMap<string, Command>,
): void {
  target.CallGear = callGear;
  target.Comagic = callGear;
  target.CallGearWidget = Widget;
  target.ComagicWidget = Widget;
  target.__cs = takeOver(target.__cs, commands);
}
