// The settings of the program itself, as data: which sections there are, what a change comes to, what quiet hours mean.
import type { AlertKind } from "../generated/AlertKind";
import type { AlertSettings } from "../generated/AlertSettings";
import type { CheckPart } from "../generated/CheckPart";
import type { Connected } from "../generated/Connected";
import type { DesktopSettings } from "../generated/DesktopSettings";
import type { KindSettings } from "../generated/KindSettings";
import type { Quiet } from "../generated/Quiet";
import type { SettingsSection } from "../generated/SettingsSection";

/** A section of the settings. */
export type Section = SettingsSection | "secrets" | "desk";

/** The sections that there are, in the order of the screen. */
export function sectionsOf(settings: DesktopSettings): Section[] {
  const desk: Section[] = settings.hosting ? ["desk"] : [];
  return ["alerts", "general", ...desk, "secrets", "data", "diagnostics", "about"];
}

/** The section that a key leads to from this one; `null`: the key leads nowhere. Past the end it begins anew. */
export function turned(sections: readonly Section[], current: Section, key: string): Section | null {
  const at = sections.indexOf(current);
  const last = sections.length - 1;
  const to: Record<string, number> = {
    ArrowDown: at === last ? 0 : at + 1,
    ArrowUp: at <= 0 ? last : at - 1,
    ArrowRight: at === last ? 0 : at + 1,
    ArrowLeft: at <= 0 ? last : at - 1,
    Home: 0,
    End: last,
  };
  return sections[to[key] ?? -1] ?? null;
}

/** The parts that can be looked at; a desk only where one runs here. */
export function partsOf(settings: DesktopSettings): CheckPart[] {
  const desk: CheckPart[] = settings.hosting ? ["hosting"] : [];
  return ["connection", ...desk, "store", "keyring", "notifications", "sound", "tray"];
}

/** The same settings with one kind's changed. */
export function withKind(
  alerts: AlertSettings,
  kind: AlertKind,
  change: Partial<Omit<KindSettings, "kind">>,
): AlertSettings {
  const kinds = alerts.kinds.map((known) => (known.kind === kind ? { ...known, ...change } : known));
  return { ...alerts, kinds };
}

/** Seconds without an answer that are offered; 0: never. One that was chosen elsewhere stays among them. */
export function unansweredChoices(current: number): number[] {
  const offered = [30, 60, 120, 180, 300, 600];
  const seconds = current > 0 && !offered.includes(current) ? [...offered, current] : offered;
  return [0, ...seconds.sort((one, other) => one - other)];
}

const DAY = 24 * 60;
/** What quiet hours begin with: 22:00 to 8:00. */
export const FIRST_QUIET: Quiet = { from: 22 * 60, to: 8 * 60 };

/** Minutes after midnight that are offered: each half hour, and the one that is chosen. */
export function quietTimes(chosen: number): number[] {
  const offered = Array.from({ length: 48 }, (_, half) => half * 30);
  return (offered.includes(chosen) ? offered : [...offered, chosen]).sort((one, other) => one - other);
}

/** How long they are (minutes). */
export function quietLength({ from, to }: Quiet): number {
  return from === to ? DAY : (to - from + DAY) % DAY;
}

/** The parts of the day, from midnight to midnight, that are quiet: `[from, to)` in minutes. */
export function quietParts({ from, to }: Quiet): [number, number][] {
  if (from === to) return [[0, DAY]];
  if (from < to) return [[from, to]];
  const evening: [number, number] = [from, DAY];
  return to === 0 ? [evening] : [[0, to], evening];
}

/** Is it quiet at this minute of the day? */
export function isQuietAt(quiet: Quiet | null, minute: number): boolean {
  return quiet !== null && quietParts(quiet).some(([from, to]) => from <= minute && minute < to);
}

/** People with a name in the order of the alphabet, operators first; the others only counted. */
export function peopleOf(
  connected: readonly Connected[],
  locale: string,
): { named: Connected[]; nameless: number } {
  const named = connected.filter(({ name }) => name !== null && name.trim() !== "");
  const order = ({ side }: Connected) => (side === "operator" ? 0 : 1);
  named.sort(
    (one, other) => order(one) - order(other) || (one.name ?? "").localeCompare(other.name ?? "", locale),
  );
  return { named, nameless: connected.length - named.length };
}

/** A file's size in words. */
export function sizeWords(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(1000)));
  const format = { style: "unit", unit: units[power] ?? "byte", unitDisplay: "short" } as const;
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    ...format,
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}
