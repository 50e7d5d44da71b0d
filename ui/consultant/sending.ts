// How a file of a form goes out: taken in by the app in pieces, then on the disk with its message, then announced.
// Loaded when the first one is sent.
//
// What must always hold: files that were handed over together go out together and keep their order; one that is refused
// says so and stops none behind it; on this page nothing is taken in before the visitor has agreed to the site's terms.
import type { Staging } from "../backend/backend";
import type { Message } from "../generated/Message";
import type { Problem } from "../generated/Problem";
import type { StagedFile } from "../generated/StagedFile";
import { asProblem } from "../model/problem";
import { flawOfFile } from "./filerules";
import { fileSentence } from "./filetexts";
import type { FileHands, OwnFiles } from "./ownfiles";
import type { Desk, Words } from "./words";

/** What may be done with an own file that is on its way. */
export type FileDeed = "pause" | "resume" | "cancel";

/** A file of a form, and the uid that its form knows. */
export interface GivenFile {
  file: File;
  uid: string;
}

/** One that the app has taken in. */
interface TakenFile extends GivenFile {
  id: string;
}

/** So many files the app takes at once. */
const AT_ONCE = 10;

/** Files on their way out of the page. */
export class Sending {
  readonly #desk: Desk;
  readonly #words: Words;
  readonly #files: OwnFiles;
  readonly #hands: FileHands;
  #last: Promise<void> = Promise.resolve();
  /** Staged files that go out by themselves: no panel shows them. */
  readonly #quiet = new Set<string>();
  /** Files that will have a staged id in a moment. */
  #beginning = 0;
  #shown = new Set<string>();

  constructor(desk: Desk, words: Words, files: OwnFiles, hands: FileHands) {
    this.#desk = desk;
    this.#words = words;
    this.#files = files;
    this.#hands = hands;
  }

  /** Sends them; each is told of under its uid. */
  send(given: readonly GivenFile[], group: number | null): void {
    const whole = given.filter((one) => !this.#isRefused(one));
    if (whole.length === 0) return;
    const go = (): void => {
      for (let at = 0; at < whole.length; at += AT_ONCE) {
        const some = whole.slice(at, at + AT_ONCE);
        this.#last = this.#last.then(() => this.#together(some, group));
      }
    };
    if (this.#desk.mirror.lacksConsent) this.#wait(whole, go);
    else go();
  }

  /** What waits for the person in the page's own panel: nothing of what goes out by itself. */
  visible(staged: readonly StagedFile[]): StagedFile[] {
    const isOthers = (id: string): boolean =>
      this.#quiet.has(id) || (this.#beginning > 0 && !this.#shown.has(id));
    const seen = staged.filter(({ id }) => !isOthers(id));
    this.#shown = new Set(seen.map(({ id }) => id));
    return seen;
  }

  /** `controlFile(uid, deed)`. */
  control(uid: unknown, deed: unknown): void {
    const { teller, mirror } = this.#desk;
    const line = mirror.lines.all.find((one) => one.file && one.uid && teller.toMessage(one).uid === uid);
    if (line && isDeed(deed)) this.act(line, deed);
    else teller.run(() => teller.error("invalid"));
  }

  /** How an own file goes on; one that failed is tried again. */
  act({ uid, file, status }: Message, deed: FileDeed): void {
    if (!uid || !file) return;
    const { files } = this.#desk.backend;
    const isOver = status === "failed" || status === "held";
    if (deed === "resume" && isOver) this.#hands.resend(uid);
    else if (deed !== "cancel") this.#hands.quietly(files[deed](file.key));
    else if (isOver) this.#hands.discard(uid);
    else this.#hands.quietly(files.cancel(file.key).then(() => this.#hands.discarded(uid)));
  }

  /** Sends what waits in the page's own panel; rejects with a `Problem`. */
  async sendStaged(ids: string[], caption: string): Promise<void> {
    const { backend, teller } = this.#desk;
    this.#hands.answers();
    const rows = await backend.files.send(ids, caption, null);
    teller.run(() => rows.forEach((row) => this.#words.written(row, null)));
  }

  async #together(given: readonly GivenFile[], group: number | null): Promise<void> {
    const taken: TakenFile[] = [];
    for (const one of given) {
      const id = await this.#taken(one.file).catch((reason: unknown) => asProblem(reason));
      if (typeof id === "string") taken.push({ ...one, id });
      else this.#refuse(one.uid, id);
    }
    await this.#sent(taken, group);
  }

  async #taken(file: File): Promise<string> {
    const { id, taken } = await this.#begun(file);
    await taken;
    return id;
  }

  /** On the disk, with their messages. */
  async #sent(taken: readonly TakenFile[], group: number | null): Promise<void> {
    const [first, ...others] = taken;
    if (!first) return;
    const ids = taken.map(({ id }) => id);
    const sent = this.#desk.backend.files.send(ids, "", group);
    const rows = await sent.catch((reason: unknown) => asProblem(reason));
    if (Array.isArray(rows)) {
      this.#written(taken, rows, group);
      // The disk did not take the rest: it says why.
      if (rows.length > 0) await this.#sent(taken.slice(rows.length), group);
    } else if (rows.code === "consent") {
      this.#wait(taken, () => this.send(taken, group));
    } else if (others.length === 0) {
      this.#refuse(first.uid, rows);
    } else {
      // What is wrong with one of them stops none of the others.
      for (const one of taken) await this.#sent([one], group);
    }
  }

  #written(taken: readonly TakenFile[], rows: readonly Message[], group: number | null): void {
    const { teller } = this.#desk;
    teller.run(() => {
      rows.forEach((row, at) => {
        const name = taken[at]?.uid;
        if (row.uid && name) teller.rename(row.uid, name);
        this.#words.written(row, group);
      });
    });
  }

  async #begun(file: File): Promise<Staging> {
    this.#beginning += 1;
    try {
      const begun = await this.#desk.backend.files.begin(file);
      this.#quiet.add(begun.id);
      return begun;
    } finally {
      this.#beginning -= 1;
    }
  }

  #isRefused({ file, uid }: GivenFile): boolean {
    const code = flawOfFile(file, this.#files.bounds);
    if (code) this.#refuse(uid, { code, message: "" });
    return code !== null;
  }

  #wait(given: readonly GivenFile[], again: () => void): void {
    const { teller, consents } = this.#desk;
    teller.run(() => {
      for (const { uid } of given) teller.nowhere(uid, "queued");
      const giveUp = (): void =>
        given.forEach(({ uid }) => this.#refuse(uid, { code: "consent", message: "" }));
      consents.wait({ again, giveUp });
    });
  }

  #refuse(uid: string, { code, message }: Problem): void {
    const { teller } = this.#desk;
    const sentence = message || fileSentence(teller.texts.locale, code, this.#files.bounds);
    teller.run(() => this.#words.refuse(uid, { code, message: sentence }));
  }
}

const DEEDS: readonly unknown[] = ["pause", "resume", "cancel"] satisfies FileDeed[];

function isDeed(deed: unknown): deed is FileDeed {
  return DEEDS.includes(deed);
}
