// The settings while somebody changes them. The draft belongs to the page, not to the view: it is there when one comes
// back from a conversation. What others save meanwhile is never overwritten unseen: the desk refuses by the version,
// and the person says whose changes stand.
import { getContext, setContext, untrack } from "svelte";
import type { Problem } from "../generated/Problem";
import type { SiteSettings } from "../generated/SiteSettings";
import type { SiteView } from "../generated/SiteView";
import { faultsOf } from "../model/operator-faults";
import {
  fieldOf,
  isSame,
  movedSeats,
  outgoing,
  partOf,
  rebased,
  seatsOf,
  type Seats,
  type SettingsPart,
} from "../model/operator-settings";
import type { Place } from "./place.svelte";

const KEY = Symbol("settings");

/** What stands below the settings. */
export type SavePhase = "idle" | "saving" | "saved" | "kept";

/** Settings that are being changed. */
export class SettingsDraft {
  /** What is on the screen. */
  values: SiteSettings = $state(NOTHING);
  /** Who works where, as it is on the screen. */
  seats: Record<string, number[]> = $state({});
  part: SettingsPart = $state("form");
  phase: SavePhase = $state("idle");
  /** Why the last try failed. */
  problem: Problem | null = $state.raw(null);
  /** Somebody else has saved meanwhile. */
  stale = $state(false);
  /** Nobody is told off before they have tried. */
  tried = $state(false);
  #base: SiteView | null = $state.raw(null);
  #place: Place;

  /** Call it while a component is made: it follows the site. */
  constructor(place: Place) {
    this.#place = place;
    $effect(() => {
      const { site } = place.state;
      untrack(() => this.#meet(site));
    });
  }

  /** What the desk has, or had when the changes began. */
  get base(): SiteView | null {
    return this.#base;
  }

  /** May this operator change it? */
  get admin(): boolean {
    return this.#place.state.site?.admin ?? false;
  }

  /** Does the screen say something else than the desk? */
  get changed(): boolean {
    return this.settingsChanged || this.#moved.length > 0;
  }

  /** The same, without who works where. */
  get settingsChanged(): boolean {
    return this.#base !== null && !isSame(this.#base.settings, $state.snapshot(this.values));
  }

  /** Is this part of the settings changed? */
  changedIn(key: "mail" | "rules" | "times" | "form"): boolean {
    return !isSame(this.#base?.settings[key], $state.snapshot(this.values)[key]);
  }

  get faults() {
    return faultsOf(this.values);
  }

  /** What is wrong with a field, in words; `null`: nothing, as far as is known. */
  wrong(path: string): string | null {
    const fault = this.tried ? this.faults.get(path) : undefined;
    if (fault) return this.#place.t(`fault.${fault}`);
    return this.problem && fieldOf(this.problem) === path ? this.#place.wordsOf(this.problem) : null;
  }

  /** The parts that need another look. */
  get faulty(): readonly SettingsPart[] {
    const paths = this.tried ? [...this.faults.keys()] : [];
    const told = this.problem && fieldOf(this.problem);
    return [...paths, ...(told ? [told] : [])].map(partOf);
  }

  /** Throws the changes away. */
  discard(): void {
    this.#adopt(this.#place.state.site);
  }

  /** Puts one's own changes on top of what somebody else has saved. */
  keep(): void {
    const theirs = this.#place.state.site;
    if (theirs === null || this.#base === null) return;
    const values = rebased(this.#base.settings, $state.snapshot(this.values), theirs.settings);
    const seats = this.#seatsOn(theirs);
    this.#adopt(theirs);
    [this.values, this.seats, this.phase] = [values, seats, "kept"];
  }

  /** Saves; resolves to whether all of it was taken. */
  async save(): Promise<boolean> {
    const base = this.#base;
    if (base === null || this.phase === "saving") return false;
    this.tried = true;
    this.problem = null;
    const [path] = this.faults.keys();
    if (path !== undefined) {
      this.part = partOf(path);
      return false;
    }
    this.phase = "saving";
    this.problem = (await this.#saveSettings(base)) ?? (await this.#saveSeats());
    this.phase = this.problem === null ? "saved" : "idle";
    if (this.problem === null) this.tried = false;
    else this.#blame(this.problem);
    return this.problem === null;
  }

  async #saveSettings(base: SiteView): Promise<Problem | null> {
    if (!this.settingsChanged) return null;
    const sent = outgoing(base.settings, $state.snapshot(this.values));
    const problem = await this.#place.workplace.site.saveSite(sent);
    if (problem !== null) return problem;
    const { site } = this.#place.state;
    // The desk's word comes before or after its answer; until it comes, what was sent is what it has.
    const told = site !== null && site.settings.version !== base.settings.version;
    const settings = told ? site.settings : withoutPassword(sent);
    const seats = this.#seatsOn(told ? site : base);
    this.#base = { ...(told ? site : base), settings };
    [this.values, this.seats, this.stale] = [structuredClone(settings), seats, false];
    return null;
  }

  async #saveSeats(): Promise<Problem | null> {
    for (const operator of this.#moved) {
      const groups = [...(this.seats[operator] ?? [])];
      const problem = await this.#place.workplace.site.setGroups(operator, groups);
      if (problem !== null) return problem;
      this.#rebaseSeat(operator, groups);
    }
    return null;
  }

  #blame(problem: Problem): void {
    const field = fieldOf(problem);
    if (field !== null) this.part = partOf(field);
    if (problem.code === "settings_stale") this.stale = true;
  }

  #rebaseSeat(operator: string, groups: number[]): void {
    if (this.#base === null) return;
    const operators = this.#base.operators.map((known) =>
      known.operator.id === operator ? { ...known, groups } : known,
    );
    this.#base = { ...this.#base, operators };
  }

  get #moved(): readonly string[] {
    return this.#base === null ? [] : movedSeats(seatsOf(this.#base.operators), $state.snapshot(this.seats));
  }

  /** Own changes of who works where, on what this site says; groups that are gone are left out. */
  #seatsOn(site: SiteView): Record<string, number[]> {
    const moved = this.#moved;
    const mine = $state.snapshot(this.seats);
    const known = site.settings.form.groups.map(({ id }) => id);
    const seats: Seats = seatsOf(site.operators);
    return Object.fromEntries(
      Object.entries(seats).map(([id, groups]) => [
        id,
        moved.includes(id) ? (mine[id] ?? []).filter((group) => known.includes(group)) : [...groups],
      ]),
    );
  }

  #meet(site: SiteView | null): void {
    if (site === null || this.phase === "saving") return;
    const known = this.#base;
    const same = known?.settings.version === site.settings.version;
    if (known === null || !this.changed || isSame(site.settings, $state.snapshot(this.values))) {
      if (known === null || !same || !isSame(known, site)) this.#adopt(site, this.phase);
    } else if (same) {
      const seats = this.#seatsOn(site);
      this.#base = site;
      this.seats = seats;
    } else this.stale = true;
  }

  #adopt(site: SiteView | null, phase: SavePhase = "idle"): void {
    if (site === null) return;
    this.#base = site;
    this.values = structuredClone(site.settings);
    this.seats = Object.fromEntries(
      Object.entries(seatsOf(site.operators)).map(([id, groups]) => [id, [...groups]]),
    );
    [this.stale, this.tried, this.problem, this.phase] = [false, false, null, phase];
  }
}

/** Makes the draft known below. */
export function provideDraft(draft: SettingsDraft): void {
  setContext(KEY, draft);
}

/** The settings that are being changed. */
export function useDraft(): SettingsDraft {
  return getContext<SettingsDraft>(KEY);
}

/** Before the desk has said anything; nothing of it is ever shown. */
const NOTHING: SiteSettings = {
  version: 0,
  form: {
    title: "",
    banner_color: "",
    group_title: "",
    groups: [],
    fields: [],
    offline_fields: [],
    rating: false,
    mail: false,
    retention: { messages: [], way: null, way_after_s: 0 },
    consent: null,
    files: { enabled: true, max_bytes: 26_214_400, types: [], groups: [] },
  },
  rules: [],
  times: { invite_s: 0, idle_s: 0, gone_s: 0 },
  mail: null,
  quota: { visitor_day_bytes: 104_857_600, site_bytes: 10_737_418_240 },
};

function withoutPassword(settings: SiteSettings): SiteSettings {
  const kept = structuredClone(settings);
  if (kept.mail) delete kept.mail.password;
  return kept;
}
