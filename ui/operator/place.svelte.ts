// What every component of the page needs: the mirror as a reactive value, texts, dates, the time, and whether somebody
// looks at the window. One object in the context, so that components take only what is their own.
import { getContext, setContext } from "svelte";
import type { Message } from "../generated/Message";
import type { VisitorListRow } from "../generated/VisitorListRow";
import { leftOf, sizeOf } from "../model/file-words";
import type { OperatorState } from "../model/operator";
import { shortId } from "../model/operator-list";
import { createDates, lengthOf, nearDay, type Dates } from "../model/operator-times";
import type { Workplace } from "../model/operator-workplace";
import type { OperatorTexts } from "./texts";

/** So often times on the screen are looked at again (milliseconds). */
const TICK_MS = 5_000;

/** What the workplace shows beside the rail. */
export type View = "visitors" | "requests" | "settings";

/** A file that is shown large, and the lines to walk through beside it; `null`: the open conversation's. */
export interface Showing {
  readonly key: string;
  readonly among: readonly Message[] | null;
}

const KEY = Symbol("place");

/** The page's surroundings. */
export class Place {
  readonly workplace: Workplace;
  readonly t: OperatorTexts["t"];
  readonly wordsOf: OperatorTexts["wordsOf"];
  readonly dates: Dates;
  /** Is somebody at the window? */
  attended = $state(document.hasFocus());
  /** The file that is shown large. */
  showing: Showing | null = $state.raw(null);
  /** Is the list of files unfolded? It stays so from visitor to visitor. */
  filesListed = $state(false);
  /** A line of the open conversation that is to be brought into sight. */
  sought: string | null = $state.raw(null);
  #now = $state(Date.now());
  #state = $state.raw() as OperatorState;
  #drafts = $state(0);

  constructor(workplace: Workplace, { locale, t, wordsOf }: OperatorTexts) {
    this.workplace = workplace;
    this.t = t;
    this.wordsOf = wordsOf;
    this.dates = createDates(locale);
    this.#state = workplace.state;
  }

  /** The mirror; reading it in a component or an effect follows it. */
  get state(): OperatorState {
    return this.#state;
  }

  /** Brings a line of the open conversation into sight, wherever it is. */
  async seek(line: Message): Promise<void> {
    this.sought = await this.workplace.toLine(line);
  }

  /** What was written to this visitor and not sent. */
  draft(visitor: string): string {
    void this.#drafts;
    return this.workplace.draft(visitor);
  }

  /** Now, within five seconds. */
  get now(): number {
    return this.#now;
  }

  /** Begins to follow the workplace, the clock and the window; returns how to stop. */
  watch(): () => void {
    const follow = () => {
      this.#state = this.workplace.state;
      this.#drafts += 1;
    };
    const unfollow = this.workplace.subscribe(follow);
    follow();
    const clock = setInterval(() => {
      this.#now = Date.now();
      this.workplace.tick(this.#now);
    }, TICK_MS);
    const come = () => (this.attended = true);
    const go = () => (this.attended = false);
    const turn = () => (this.attended = document.visibilityState === "visible" && document.hasFocus());
    const watched = new AbortController();
    const { signal } = watched;
    window.addEventListener("focus", come, { signal });
    window.addEventListener("blur", go, { signal });
    // Without a window manager nobody says "focus": a key or a click says it as well.
    window.addEventListener("pointerdown", come, { signal, capture: true });
    window.addEventListener("keydown", come, { signal, capture: true });
    document.addEventListener("visibilitychange", turn, { signal });
    return () => {
      unfollow();
      clearInterval(clock);
      watched.abort();
    };
  }

  /** What a visitor is called. */
  nameOf(visitor: string, row: VisitorListRow | undefined): string {
    const { person } = this.state;
    // A row may be gone from the list, or be older than the card.
    const told = row === undefined && person?.visitor === visitor ? person.card?.card.name : row?.name;
    return told?.trim() || this.t("visitor.nameless", { id: shortId(visitor) });
  }

  /** How long since then, in words. */
  since(date: number): string {
    const { unit, count } = lengthOf(this.#now - date);
    return this.t(`time.${unit}`, { count });
  }

  /** How long until then, in words. */
  until(date: number): string {
    const { unit, count } = lengthOf(date - this.#now);
    return this.t(`time.${unit}`, { count });
  }

  /** A time that is left, in words. */
  left(seconds: number): string {
    const { unit, count } = leftOf(seconds);
    return this.t(`time.${unit}`, { count });
  }

  /** A size in words. */
  size(bytes: number): string {
    const { unit, count } = sizeOf(bytes);
    return this.t(`size.${unit}`, { count });
  }

  /** A size to the byte. */
  exactly(bytes: number): string {
    return this.t("size.bytes", { count: bytes });
  }

  /** Is the desk at the other end of the line? */
  get connected(): boolean {
    return this.state.connection.phase === "online";
  }

  /** The name of a day: today, yesterday, or its date. */
  dayName(date: number): string {
    const near = nearDay(date, this.#now);
    return near === null ? this.dates.day(date, this.#now) : this.t(`time.${near}`);
  }
}

/** Makes the surroundings known below. */
export function providePlace(place: Place): Place {
  return setContext(KEY, place);
}

/** The surroundings. */
export function usePlace(): Place {
  return getContext<Place>(KEY);
}
