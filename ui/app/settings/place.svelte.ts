// The settings while they are open: what is on the screen, saved at each change. After a change that could not be kept
// the program is asked how things stand, and the person is told: nothing is ever shown that does not count.
import { getContext, setContext } from "svelte";
import type { AppBackend } from "../../backend/backend";
import type { AlertSettings } from "../../generated/AlertSettings";
import type { Closing } from "../../generated/Closing";
import type { DesktopSettings } from "../../generated/DesktopSettings";
import type { Locale } from "../../generated/Locale";
import { latest } from "../../model/latest";
import { wordsOf } from "../texts";
import type { SettingsTexts } from "./texts";

const KEY = Symbol("settings");

/** What is said at the window's lower edge. */
export interface Note {
  words: string;
  bad: boolean;
  /** What failed: the note goes when that works again. */
  about?: unknown;
}

/** Milliseconds for which a note that asks for nothing stays. */
const NOTE_MS = 6_000;

/** What the settings stand on; it stays as it is. */
export interface Ground {
  readonly backend: AppBackend;
  readonly t: SettingsTexts;
  /** What the program is called. */
  readonly name: string;
  readonly locale: Locale;
}

/** Everything that a section needs. */
export class SettingsPlace implements Ground {
  now: DesktopSettings = $state() as DesktopSettings;
  note: Note | null = $state.raw(null);
  readonly backend: AppBackend;
  readonly t: SettingsTexts;
  readonly name: string;
  readonly locale: Locale;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Kinds of changes that are on their way. */
  #saving = 0;
  /** What is on the screen is to be read anew when they have come through. */
  #stale = false;
  /** What a note about reading is about. */
  readonly #reading = Symbol("reading");
  #alerts: (alerts: AlertSettings) => void;
  #autostart: (on: boolean) => void;
  #closing: (choice: Closing) => void;

  constructor(ground: Ground, settings: DesktopSettings) {
    const { backend } = ground;
    ({ backend: this.backend, t: this.t, name: this.name, locale: this.locale } = ground);
    this.now = settings;
    this.#alerts = this.#saver(backend.saveAlerts);
    this.#autostart = this.#saver(backend.setAutostart);
    this.#closing = this.#saver(backend.setClosing);
  }

  /** Changes what the person wants to be told. */
  alerts(change: Partial<AlertSettings>): void {
    this.now.alerts = { ...$state.snapshot(this.now.alerts), ...change };
    this.#alerts($state.snapshot(this.now.alerts));
  }

  autostart(on: boolean): void {
    this.now.autostart = on;
    this.#autostart(on);
  }

  closing(choice: Closing): void {
    this.now.keep_in_tray = choice;
    this.#closing(choice);
  }

  /** Reads everything anew, as soon as no change is on its way: the tray and a second start change things as well. */
  async reread(): Promise<void> {
    this.#stale = this.#saving > 0;
    if (this.#stale) return;
    try {
      const now = await this.backend.settings();
      if (this.#saving === 0) this.now = now;
      else this.#stale = true;
      if (this.note?.about === this.#reading) this.hush();
    } catch (reason) {
      this.fail(reason, this.#reading);
    }
  }

  /** Says something for a while. */
  say(words: string): void {
    this.#show({ words, bad: false });
    this.#timer = setTimeout(() => (this.note = null), NOTE_MS);
  }

  /** Says what went wrong, until something else is done. */
  fail(reason: unknown, about?: unknown): void {
    this.#show({ words: wordsOf(reason, this.t), bad: true, about });
  }

  hush(): void {
    clearTimeout(this.#timer);
    this.note = null;
  }

  #show(note: Note): void {
    clearTimeout(this.#timer);
    this.note = note;
  }

  #saver<T>(save: (value: T) => Promise<void>): (value: T) => void {
    let busy = false;
    const rest = (): void => {
      busy = false;
      this.#saving -= 1;
      if (this.#stale) void this.reread();
    };
    const push = latest(save, {
      saved: () => {
        rest();
        if (this.note?.about === save) this.hush();
      },
      refused: (reason) => {
        this.#stale = true;
        rest();
        this.fail(reason, save);
      },
    });
    return (value) => {
      if (!busy) this.#saving += 1;
      busy = true;
      push(value);
    };
  }
}

/** Makes the settings known below. */
export function provideSettings(place: SettingsPlace): SettingsPlace {
  return setContext(KEY, place);
}

/** The settings that are open. */
export function useSettings(): SettingsPlace {
  return getContext<SettingsPlace>(KEY);
}
