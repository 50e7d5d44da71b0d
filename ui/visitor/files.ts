// Files beside whatever form runs: dropped, pasted, chosen by the menu, on their way, and opened from a link. What is drawn
// for it (files/room.ts) is loaded when there is something.
//
// What must always hold: a form needs to know nothing of it; nothing that was dropped or pasted is sent before the person
// says so; a link to a file never leads the page away.
import type { VisitorBackend } from "../backend/backend";
import { SHOWN_MS, type Room } from "./files/room-shape";
import type { Runtime } from "../consultant/runtime";
import type { StagedFile } from "../generated/StagedFile";
import { asProblem } from "../model/problem";

/** The part of a file's address that names it; `null`: the address is no file's. */
const ADDRESS = /^(?:desk:\/\/localhost|https?:\/\/desk\.localhost)\/(?:file|preview)\/([^/?#]+)/;

/** A picture is asked for so often once its file is here, each time so much later (milliseconds). */
const TIMES = 3;
const AGAIN_MS = 400;

/** Where files come into the page and go out of it. */
export class FileDoor {
  #backend: VisitorBackend | null = null;
  #runtime: Runtime | null = null;
  #room: Promise<Room> | null = null;
  #staged: StagedFile[] = [];
  #isOver = false;
  /** Files whose pictures a form wanted. */
  readonly #wanted = new Set<string>();
  /** How often they were asked for since their file came: what cannot be drawn is not asked for without end. */
  readonly #drawn = new Map<string, number>();
  #slow: ReturnType<typeof setTimeout> | undefined;

  /** From now on what this backend tells of files in the person's hands comes here. */
  follow(backend: VisitorBackend): void {
    this.#backend = backend;
    const boot = backend.boot.bind(backend);
    backend.boot = (listener) =>
      boot((update) => {
        if (update.type === "staged") this.#hold(update.files);
        else if (update.type === "dragging") this.#drag(update.over);
        else listener(update);
      });
  }

  /** The page is there, until `signal` says that it is not. */
  open(runtime: Runtime, signal = new AbortController().signal): void {
    this.#runtime = runtime;
    // Before any form: one that takes the words out of whatever is pasted would swallow a picture.
    window.addEventListener("paste", (event) => this.#paste(event), { capture: true, signal });
    document.addEventListener("click", (event) => this.#follow(event), { capture: true, signal });
    document.addEventListener("error", (event) => this.#fetch(event.target), { capture: true, signal });
    runtime.session.teller.watch(() => this.#look());
    if (this.#staged.length > 0) this.#hold(this.#staged);
  }

  /** The system's dialog. */
  choose(): void {
    const { files, teller } = this.#session;
    if (!files.bounds.enabled) teller.run(() => teller.error("file_off"));
    else this.#try(this.#files.choose());
  }

  #hold(files: StagedFile[]): void {
    this.#staged = files;
    if (!this.#runtime) return;
    const isOpen = this.#room !== null;
    if (files.length > 0 || isOpen) void this.#draw((room) => room.stage(files));
  }

  #drag(isOver: boolean): void {
    this.#isOver = isOver;
    if (this.#runtime && (isOver || this.#room)) void this.#draw((room) => room.drag(this.#isOver));
  }

  #paste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    // Words that were copied from an office program come with a picture of themselves.
    const hasWords = event.clipboardData?.types.includes("text/plain") ?? false;
    if (files.length === 0 || hasWords) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const file of files) this.#try(this.#files.stage(file));
  }

  #follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const key = link instanceof HTMLAnchorElement ? keyOf(link.href) : null;
    if (key === null) return;
    event.preventDefault();
    void this.#draw((room) => room.show(key));
  }

  /** A form shows a picture that is not on this device yet. */
  #fetch(target: EventTarget | null): void {
    const key = target instanceof HTMLImageElement ? keyOf(target.src) : null;
    if (key === null || this.#wanted.has(key)) return;
    const line = this.#session.mirror.lines.all.find((one) => one.file?.key === key);
    if (line?.file?.preview !== "picture") return;
    // It may have come by itself since the form asked for its picture.
    if (line.file.here) {
      const times = this.#drawn.get(key) ?? 0;
      if (times < TIMES) setTimeout(() => this.#drawAgain(key), times * AGAIN_MS);
      return;
    }
    this.#wanted.add(key);
    this.#files.fetch(key).catch((reason: unknown) => console.error(reason));
  }

  /** How things stand has changed: pictures have come; something is long on its way and the form does not say so. */
  #look(): void {
    const { mirror } = this.#session;
    if (this.#wanted.size > 0) {
      for (const { file } of mirror.lines.all)
        if (file?.here && this.#wanted.delete(file.key)) this.#drawAgain(file.key);
    }
    if (this.#room) return void this.#draw((room) => room.look());
    const isMoving = mirror.lines.all.some(({ file }) => file?.transfer);
    if (!isMoving) {
      clearTimeout(this.#slow);
      this.#slow = undefined;
    } else this.#slow ??= setTimeout(() => void this.#draw((room) => room.look()), SHOWN_MS);
  }

  /** Pictures of it that were asked for too early are asked for once more. */
  #drawAgain(key: string): void {
    this.#drawn.set(key, (this.#drawn.get(key) ?? 0) + 1);
    for (const picture of document.images) {
      const { src } = picture;
      if (keyOf(src) !== key || picture.naturalWidth > 0) continue;
      // WebKit loads an address that has failed no second time, unless the picture has had none in between.
      picture.removeAttribute("src");
      picture.src = src;
    }
  }

  #try(task: Promise<unknown>): void {
    const { teller } = this.#session;
    task.catch((reason: unknown) => {
      const { code, message } = asProblem(reason);
      teller.run(() => teller.error(code, message));
    });
  }

  #draw(act: (room: Room) => void): Promise<void> {
    const runtime = this.#runtime;
    if (!runtime) return Promise.resolve();
    this.#room ??= import("./files/room").then(({ openRoom }) =>
      openRoom(document.body, this.#files, runtime),
    );
    return this.#room.then(act, (reason: unknown) => {
      this.#room = null;
      console.error(reason);
    });
  }

  get #session(): Runtime["session"] {
    if (!this.#runtime) throw new Error("the page is not open");
    return this.#runtime.session;
  }

  get #files(): VisitorBackend["files"] {
    if (!this.#backend) throw new Error("nobody is followed");
    return this.#backend.files;
  }
}

function keyOf(address: string): string | null {
  const name = ADDRESS.exec(address)?.[1];
  return name === undefined ? null : decodeURIComponent(name);
}
