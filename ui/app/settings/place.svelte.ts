// The settings while they are open: what is on the screen, saved at each change. A change that is refused goes back to
// what was saved last, and the person is told why; nothing is ever shown as saved that is not.
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
}

/** Milliseconds for which a note that asks for nothing stays. */
const NOTE_MS = 6_000;

/** Everything that a section needs. */
export class SettingsPlace {
  now: DesktopSettings = $state() as DesktopSettings;
  note: Note | null = $state.raw(null);
  readonly backend: AppBackend;
  readonly t: SettingsTexts;
  readonly locale: Locale;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #alerts: (alerts: AlertSettings) => void;
  #autostart: (on: boolean) => void;
  #closing: (choice: Closing) => void;

  constructor(backend: AppBackend, t: SettingsTexts, locale: Locale, settings: DesktopSettings) {
    [this.backend, this.t, this.locale, this.now] = [backend, t, locale, settings];
    const { alerts, autostart, keep_in_tray } = structuredClone(settings);
    this.#alerts = this.#saver(backend.saveAlerts, alerts, (kept) => (this.now.alerts = kept));
    this.#autostart = this.#saver(backend.setAutostart, autostart, (kept) => (this.now.autostart = kept));
    this.#closing = this.#saver(backend.setClosing, keep_in_tray, (kept) => (this.now.keep_in_tray = kept));
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

  /** Says something for a while. */
  say(words: string): void {
    this.#show({ words, bad: false });
    this.#timer = setTimeout(() => (this.note = null), NOTE_MS);
  }

  /** Says what went wrong, until something else is done. */
  fail(reason: unknown): void {
    this.#show({ words: wordsOf(reason, this.t), bad: true });
  }

  hush(): void {
    clearTimeout(this.#timer);
    this.note = null;
  }

  #show(note: Note): void {
    clearTimeout(this.#timer);
    this.note = note;
  }

  #saver<T>(save: (value: T) => Promise<void>, first: T, back: (kept: T) => void): (value: T) => void {
    return latest(save, {
      saved: () => {
        if (this.note?.bad) this.hush();
      },
      refused: (reason, kept) => {
        back(structuredClone(kept ?? first));
        this.fail(reason);
      },
    });
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
