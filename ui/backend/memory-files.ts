// Files without a disk and without a desk: for tests and for looking at a page in a plain browser. What is staged and
// sent goes on as it would: taken in piece by piece, then carried, at a pace that whoever makes it chooses.
import type { FileKind } from "../generated/FileKind";
import type { FilesPage } from "../generated/FilesPage";
import type { FileView } from "../generated/FileView";
import type { FileWords } from "../generated/FileWords";
import type { Message } from "../generated/Message";
import type { Opening } from "../generated/Opening";
import type { Problem } from "../generated/Problem";
import type { Saved } from "../generated/Saved";
import type { StagedFile } from "../generated/StagedFile";
import type { Transfer } from "../generated/Transfer";
import type { FilesBackend, Staging } from "./backend";
/** Stands for every picture whose bytes nobody gave; a file, for the page's CSP knows no `data:`. */
import PICTURE from "./memory-picture.svg";

/** What the conversations' owner does for the files. */
export interface FilesHost<To extends unknown[]> {
  /** What waits to be sent, whole. */
  staged(files: StagedFile[], ...to: To): void;
  /** A file's transfer went on. */
  news(file: FileView, ...to: To): void;
  /** An own message that carries a file, just written; gives the line. */
  written(caption: string, file: FileView, group: number | null, ...to: To): Message;
  /** Its file is whole: the message goes out. */
  whole(key: string, ...to: To): void;
  /** The person thought better of it. */
  dropped(key: string, ...to: To): void;
  /** All lines of the conversation, oldest first. */
  lines(...to: To): readonly Message[];
  /** Whose conversation has the received file of that key; without it nothing is ever fetched. */
  holder?(key: string): To | null;
}

/** How fast things go; nothing goes by itself at 0. */
export interface FilesPace {
  /** Milliseconds between two steps. */
  step_ms: number;
  /** Bytes of one step. */
  bytes: number;
}

const LIMIT = 10;
const PAGE = 20;

/** A file with everything at its plainest; `fields` says what differs. */
export function memoryFile(fields: Partial<FileView> = {}): FileView {
  const name = fields.name ?? "note.txt";
  const kind = fields.kind ?? kindOf(name);
  const preview = kind === "image" || kind === "pdf" ? "picture" : kind === "text" ? "words" : "none";
  return {
    key: "file",
    name,
    size: 1_200,
    media: "application/octet-stream",
    kind,
    opening: openingOf(kind),
    preview,
    transfer: null,
    here: true,
    ...fields,
  };
}

/** A transfer to the desk that goes on; `fields` says what differs. */
export function memoryTransfer(fields: Partial<Transfer> = {}): Transfer {
  const rest = { speed: null, left_s: null, code: null, sentence: null };
  return { up: true, state: "running", done: 0, total: 1_200, ...rest, ...fields };
}

/** A file chosen and ready to be sent; `fields` says what differs. */
export function memoryStaged(fields: Partial<StagedFile> = {}): StagedFile {
  const { name, size, kind, preview } = memoryFile(fields as Partial<FileView>);
  const rest = { ready: true, details: null, code: null, sentence: null };
  return { id: "staged", name, size, kind, taken: size, preview, ...rest, ...fields };
}

/** What a file says of place and time; of a camera's own format it cannot be taken out. */
function aboutOf(name: string, keep = false): Partial<StagedFile> {
  if (keep) return { details: "kept", ready: true, code: null, sentence: null };
  const sentence = "Place, time and camera could not be taken out of this file.";
  if (/\.(nef|dng)$/i.test(name)) return { details: "removed", ready: false, code: "file_details", sentence };
  if (/\.pdf$/i.test(name)) return { details: "told" };
  return { details: /\.(jpe?g|heic|mp4|mov)$/i.test(name) ? "removed" : null };
}

interface Moving<To> {
  file: FileView;
  to: To;
}

/** The files' verbs in memory. */
export class MemoryFiles<To extends unknown[]> implements FilesBackend<To> {
  /** Every call, as `[verb, ...arguments]`. */
  readonly calls: unknown[][] = [];
  /** What the next call of a verb meets. */
  readonly problems = new Map<string, Problem>();
  /** What the system's dialog gives next. */
  chosen: File[] = [];
  pace: FilesPace;
  readonly #host: FilesHost<To>;
  readonly #staged = new Map<string, StagedFile[]>();
  readonly #bytes = new Map<string, Blob>();
  readonly #urls = new Map<string, string>();
  readonly #moving = new Map<string, Moving<To>>();
  #made = 0;

  constructor(host: FilesHost<To>, pace: FilesPace = { step_ms: 0, bytes: 0 }) {
    this.#host = host;
    this.pace = pace;
  }

  async choose(...to: To): Promise<void> {
    this.#take("choose", ...to);
    for (const file of this.chosen.splice(0)) await this.stage(file, ...to);
  }

  async stage(file: File, ...to: To): Promise<string> {
    const { id, taken } = await this.begin(file, ...to);
    await taken;
    return id;
  }

  async begin(file: File, ...to: To): Promise<Staging> {
    this.#take("stage", file.name, ...to);
    this.#made += 1;
    const id = `staged-${String(this.#made)}`;
    const kind = kindOf(file.name, file.type);
    const about = aboutOf(file.name);
    const whole = memoryStaged({ id, name: file.name, size: file.size, kind, ...about });
    this.#bytes.set(id, file);
    if (file.size === 0) throw asThrown("file_empty", "This file is empty.");
    if (this.stagedOf(...to).length >= LIMIT) throw asThrown("file_limit", "Ten files at once, please.");
    // Whoever chooses again has read what was refused before.
    const kept = this.stagedOf(...to).filter(({ code }) => code === null);
    this.#stage([...kept, { ...whole, taken: 0, ready: false }], to);
    return Promise.resolve({ id, taken: this.#takenIn(whole, to) });
  }

  async unstage(id: string): Promise<void> {
    this.#take("unstage", id);
    for (const [to, files] of this.#staged) {
      if (files.some((file) => file.id === id))
        this.#stage(
          files.filter((file) => file.id !== id),
          JSON.parse(to) as To,
        );
    }
    return Promise.resolve();
  }

  async setDetails(id: string, keep: boolean): Promise<void> {
    this.#take("setDetails", id, keep);
    for (const [to, files] of this.#staged) {
      const file = files.find((one) => one.id === id);
      if (file) this.#restage({ ...file, ...aboutOf(file.name, keep) }, JSON.parse(to) as To);
    }
    return Promise.resolve();
  }

  async send(ids: string[], caption: string, group: number | null, ...to: To): Promise<Message[]> {
    this.#take("send", ids, caption, group, ...to);
    const staged = this.stagedOf(...to);
    const going = staged.filter(({ id }) => ids.includes(id));
    this.#stage(
      staged.filter(({ id, code }) => !ids.includes(id) && code === null),
      to,
    );
    const lines = going.map(({ id, name, size, kind, preview }, at) => {
      const transfer = memoryTransfer({ state: "waiting", total: size });
      const opening = openingOf(kind);
      const file = memoryFile({ name, size, kind, preview, opening, transfer });
      const line = this.#host.written(at === 0 ? caption : "", file, group, ...to);
      const key = line.file?.key ?? line.key;
      const bytes = this.#bytes.get(id);
      if (bytes) this.#bytes.set(key, bytes);
      this.#moving.set(key, { file: { ...file, key }, to });
      return line;
    });
    if (this.pace.step_ms > 0) setTimeout(() => this.#step(), this.pace.step_ms);
    return Promise.resolve(lines);
  }

  /** The desk has so many bytes of it more. */
  carry(key: string, bytes: number): void {
    const moving = this.#moving.get(key);
    const transfer = moving?.file.transfer;
    if (!moving || !transfer) return;
    const done = Math.min(transfer.total, transfer.done + bytes);
    if (done === transfer.total) return this.#end(key, moving);
    const speed = this.pace.step_ms > 0 ? Math.round((bytes * 1000) / this.pace.step_ms) : bytes;
    const left_s = Math.ceil((transfer.total - done) / Math.max(speed, 1));
    this.#tell(moving, { ...transfer, state: "running", done, speed, left_s });
  }

  /** It will not go on by itself. */
  fail(key: string, code: string, sentence: string): void {
    this.#change(key, { state: "failed", code, sentence, speed: null, left_s: null });
  }

  async pause(key: string): Promise<void> {
    this.#take("pause", key);
    return Promise.resolve(this.#change(key, { state: "paused", speed: null, left_s: null }));
  }

  async resume(key: string): Promise<void> {
    this.#take("resume", key);
    return Promise.resolve(this.#change(key, { state: "running", code: null, sentence: null }));
  }

  async cancel(key: string): Promise<void> {
    this.#take("cancel", key);
    const moving = this.#moving.get(key);
    this.#moving.delete(key);
    if (moving?.file.transfer?.up === false) this.#tell(moving, null);
    else if (moving) this.#host.dropped(key, ...moving.to);
    return Promise.resolve();
  }

  async fetch(key: string): Promise<void> {
    this.#take("fetch", key);
    const to = this.#host.holder?.(key) ?? null;
    const file = to && this.#host.lines(...to).find((line) => line.file?.key === key)?.file;
    if (!to || !file) return Promise.resolve();
    const moving = { file: { ...file, transfer: null }, to };
    this.#moving.set(key, moving);
    this.#tell(moving, memoryTransfer({ up: false, state: "waiting", total: file.size }));
    if (this.pace.step_ms > 0) setTimeout(() => this.#step(), this.pace.step_ms);
    return Promise.resolve();
  }

  async save(key: string): Promise<Saved | null> {
    this.#take("save", key);
    return Promise.resolve({ path: "/home/visitor/Downloads", bytes: 1 });
  }

  async saveAll(keys: string[]): Promise<Saved | null> {
    this.#take("saveAll", keys);
    return Promise.resolve({ path: "/home/operator/Downloads", bytes: 1 });
  }

  async open(key: string): Promise<void> {
    this.#take("open", key);
    return Promise.resolve();
  }

  async show(key: string): Promise<void> {
    this.#take("show", key);
    return Promise.resolve();
  }

  async words(key: string): Promise<FileWords> {
    this.#take("words", key);
    const text = (await this.#bytes.get(key)?.text()) ?? "Two kettles, one without its lid.\nOrder 1207.";
    return { text, more: false };
  }

  async list(before: string | null, chat: string | null, name: string, ...to: To): Promise<FilesPage> {
    this.#take("list", before, chat, name, ...to);
    const words = name.trim().toLocaleLowerCase().split(/\s+/u);
    const all = this.#host
      .lines(...to)
      .filter((line) => !chat || line.chat_id === chat)
      .filter(({ file }) => file && words.every((word) => file.name.toLocaleLowerCase().includes(word)));
    const from = before === null ? all.length : all.findIndex((line) => line.key === before);
    const older = all.slice(0, Math.max(from, 0));
    return Promise.resolve({ lines: older.slice(-PAGE).reverse(), more: older.length > PAGE });
  }

  preview(key: string): string {
    const bytes = this.#bytes.get(key);
    if (!bytes || typeof URL.createObjectURL !== "function") return PICTURE;
    const known = this.#urls.get(key) ?? URL.createObjectURL(bytes);
    this.#urls.set(key, known);
    return known;
  }

  link(key: string, name: string): string {
    return `desk://localhost/file/${encodeURIComponent(key)}/${encodeURIComponent(name)}`;
  }

  /** What waits to be sent. */
  stagedOf(...to: To): StagedFile[] {
    return this.#staged.get(JSON.stringify(to)) ?? [];
  }

  async #takenIn(whole: StagedFile, to: To): Promise<void> {
    const { step_ms, bytes } = this.pace;
    for (let taken = bytes; step_ms > 0 && taken < whole.size; taken += bytes) {
      this.#restage({ ...whole, taken, ready: false }, to);
      await new Promise((done) => setTimeout(done, step_ms));
    }
    this.#restage(whole, to);
  }

  #step(): void {
    for (const [key, { file }] of [...this.#moving].slice(0, 3)) {
      const state = file.transfer?.state;
      if (state === "waiting" || state === "running") this.carry(key, this.pace.bytes);
    }
    if (this.#moving.size > 0 && this.pace.step_ms > 0) setTimeout(() => this.#step(), this.pace.step_ms);
  }

  #change(key: string, fields: Partial<Transfer>): void {
    const moving = this.#moving.get(key);
    if (moving?.file.transfer) this.#tell(moving, { ...moving.file.transfer, ...fields });
  }

  #tell(moving: Moving<To>, transfer: Transfer | null): void {
    moving.file = { ...moving.file, transfer };
    this.#host.news(moving.file, ...moving.to);
  }

  #end(key: string, moving: Moving<To>): void {
    this.#moving.delete(key);
    const isComing = moving.file.transfer?.up === false;
    if (isComing) moving.file = { ...moving.file, here: true };
    this.#tell(moving, null);
    if (!isComing) this.#host.whole(key, ...moving.to);
  }

  #restage(file: StagedFile, to: To): void {
    const files = this.stagedOf(...to).map((one) => (one.id === file.id ? file : one));
    this.#stage(files, to);
  }

  #stage(files: StagedFile[], to: To): void {
    this.#staged.set(JSON.stringify(to), files);
    this.#host.staged(structuredClone(files), ...to);
  }

  #take(verb: string, ...args: unknown[]): void {
    this.calls.push([verb, ...args]);
    const problem = this.problems.get(verb);
    this.problems.delete(verb);
    if (problem) throw asThrown(problem.code, problem.message);
  }
}

const KINDS: readonly [FileKind, RegExp][] = [
  ["image", /\.(png|jpe?g|gif|webp|bmp)$|^image\//i],
  ["pdf", /\.pdf$|\/pdf$/i],
  ["text", /\.(txt|csv|log|md)$|^text\/plain/i],
  ["audio", /\.(mp3|ogg|wav|m4a|flac)$|^audio\//i],
  ["video", /\.(mp4|webm|mov|mkv)$|^video\//i],
  ["document", /\.(docx?|xlsx?|pptx?|odt|ods|odp|rtf)$/i],
  ["archive", /\.(zip|7z|rar|tar|gz)$/i],
];

function kindOf(name: string, media = ""): FileKind {
  return KINDS.find(([, ends]) => ends.test(name) || ends.test(media))?.[0] ?? "other";
}

function openingOf(kind: FileKind): Opening {
  return kind === "other" ? "never" : kind === "document" || kind === "archive" ? "warn" : "plain";
}

/** Tauri rejects with plain objects; so does this. */
function asThrown(code: string, message: string): Error {
  return Object.assign(new Error(message), { code } satisfies Pick<Problem, "code">);
}
