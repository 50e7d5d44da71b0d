// Typing, both ways.

/** Milliseconds between two reports of what the visitor types; the last words always go out. */
const THROTTLE_MS = 300;
/** Controllers clear "types" after 5 s: while it goes on, it is told again before that. */
const REPEAT_MS = 4000;

/** What the visitor types: throttled, and cleared on sending. */
export class OwnTyping {
  readonly #report: (text: string) => void;
  #reported = "";
  #waiting: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(report: (text: string) => void) {
    this.#report = report;
  }

  /** May be called on every key. */
  type(text: string): void {
    this.#waiting = text;
    if (this.#timer === null) this.#go();
  }

  /** The words were sent. */
  clear(): void {
    this.#waiting = null;
    if (this.#reported !== "") this.#send("");
  }

  #go(): void {
    this.#timer = null;
    const text = this.#waiting;
    this.#waiting = null;
    if (text === null || text === this.#reported) return;
    this.#send(text);
    this.#timer = setTimeout(() => this.#go(), THROTTLE_MS);
  }

  #send(text: string): void {
    this.#reported = text;
    this.#report(text);
  }
}

/** The operator types: repeated until it stops. */
export class HeardTyping {
  readonly #tell: () => void;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** Told now, and again while it goes on. */
  start(): void {
    this.stop();
    this.#timer = setInterval(this.#tell, REPEAT_MS);
    this.#tell();
  }

  /** It stopped. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
