// The visitor's files in the page, as far as a form can ask before one is sent. How one goes is loaded with the first.
//
// What must always hold: `sendFile` answers at once, with the uid under which the file is announced later.
import type { FileView } from "../generated/FileView";
import { boundsOf, typesOf, type Bounds } from "./filerules";
import { groupOf, refused } from "./given";
import { ghost, progressOf, sizeWords, type ChatMessage, type FileProgress } from "./message";
import type { Sending } from "./sending";
import type { Desk, Words } from "./words";

/** What the session does for them. */
export interface FileHands {
  /** A file answers an invitation that waits, as words do. */
  answers(): void;
  quietly(asked: Promise<void>): void;
  resend(uid: string): void;
  discard(uid: string): void;
  /** The line is gone. */
  discarded(uid: string): void;
}

/** The files of a page. */
export class OwnFiles {
  readonly #desk: Desk;
  readonly #words: Words;
  readonly #hands: FileHands;
  #sending: Promise<Sending> | null = null;

  constructor(desk: Desk, words: Words, hands: FileHands) {
    this.#desk = desk;
    this.#words = words;
    this.#hands = hands;
  }

  /** What holds in this chat. */
  get bounds(): Bounds {
    return boundsOf(this.#desk.mirror.form, this.#desk.mirror.present.group);
  }

  /** Extensions to offer. */
  get types(): string[] {
    return typesOf(this.bounds);
  }

  /** `sendFile(input)`: an input is emptied; the message is that of its first file. */
  send(given: unknown, groupId: unknown): ChatMessage {
    const { teller, mirror } = this.#desk;
    const group = groupOf(groupId, mirror.form);
    if ("problem" in group) return this.#words.refused("", group.problem);
    const files = filesOf(given);
    const code = !files
      ? "invalid"
      : !this.bounds.enabled
        ? "file_off"
        : files.length === 0
          ? "file_none"
          : null;
    if (!files || code) return this.#words.refused("", refused(code ?? "invalid").problem);
    if (isInput(given)) given.value = "";
    this.#hands.answers();
    const made = files.map((file) => ({
      ...ghost("", "queued"),
      fx_name: file.name,
      fx_size_info: sizeWords(file.size, teller.texts),
    }));
    const uids = made.map(({ uid }) => uid);
    void this.load().then(
      (sending) =>
        sending.send(
          files.map((file, at) => ({ file, uid: uids[at] ?? "" })),
          group.ok,
        ),
      (reason: unknown) => {
        console.error(reason);
        const { problem } = refused("no_answer");
        teller.run(() => uids.forEach((uid) => this.#words.refuse(uid, problem)));
      },
    );
    return made[0] ?? ghost("", "failed");
  }

  /** How a file goes: the part that is loaded with the first one. */
  load(): Promise<Sending> {
    this.#sending ??= import("./sending").then(
      ({ Sending }) => new Sending(this.#desk, this.#words, this, this.#hands),
    );
    // A part that did not come this time may come the next.
    this.#sending.catch(() => (this.#sending = null));
    return this.#sending;
  }

  /** A file went on. */
  news(file: FileView): void {
    const { mirror, teller } = this.#desk;
    const { key } = file;
    const line = mirror.lines.all.findLast(
      (one) => one.file && [one.file.key, one.key, one.message_id].includes(key),
    );
    if (!line) return;
    const before = line.file && progressOf(line.file);
    line.file = file;
    const now: FileProgress | null =
      progressOf(file) ?? (before && { ...before, sent: before.total, speed: null, left: null });
    const { uid } = teller.toMessage(line);
    if (now) teller.event("fileprogress", () => ({ uid, ...now }));
  }
}

function isInput(given: unknown): given is HTMLInputElement {
  return given instanceof HTMLInputElement && given.type === "file";
}

/** A copy of what was handed over: an input's list goes with what it holds. `null`: no files could be in it. */
function filesOf(given: unknown): File[] | null {
  if (given instanceof File) return [given];
  if (given instanceof Blob) return [new File([given], "", { type: given.type })];
  return given instanceof FileList ? [...given] : isInput(given) ? [...(given.files ?? [])] : null;
}
