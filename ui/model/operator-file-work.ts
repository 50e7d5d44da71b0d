// What is done with files: chosen, taken in, carried, fetched, opened. The workplace sends them, for they keep their
// place among the words; everything else that concerns them is asked for here.
import type { OperatorFilesBackend } from "../backend/backend";
import type { FilesPage } from "../generated/FilesPage";
import type { FileWords } from "../generated/FileWords";
import type { Problem } from "../generated/Problem";
import type { Saved } from "../generated/Saved";
import { withoutRefused, withRefused, withSaved, type FilesState } from "./operator-files";
import { asProblem } from "./problem";

/** What came of a question: its answer, or why there is none. */
export type Answered<T> = { readonly ok: T } | { readonly problem: Problem };

/** What the files need of the workplace. */
export interface FileHands {
  /** Changes the files of the mirror. */
  change(change: (files: FilesState) => FilesState): void;
  /** Tells what went wrong and belongs to no control. */
  trouble(problem: Problem): void;
  /** A message that was never sent leaves the log. */
  drop(key: string): void;
}

/** The verbs of files. */
export class FileWork {
  readonly #backend: OperatorFilesBackend;
  readonly #hands: FileHands;
  #made = 0;

  constructor(backend: OperatorFilesBackend, hands: FileHands) {
    this.#backend = backend;
    this.#hands = hands;
  }

  /** Opens the system's dialog; what was chosen comes by itself. */
  async choose(visitor: string): Promise<void> {
    await this.#ask(this.#backend.choose(visitor));
  }

  /** Takes in what was pasted, in its order; what cannot be taken says so, and the rest goes on. */
  async stage(visitor: string, files: readonly File[]): Promise<void> {
    const coming: Promise<void>[] = [];
    for (const file of files) {
      const refuse = (reason: unknown) => this.#refuse(visitor, file.name, asProblem(reason));
      try {
        const { taken } = await this.#backend.begin(file, visitor);
        coming.push(taken.catch(refuse));
      } catch (reason) {
        refuse(reason);
      }
    }
    await Promise.all(coming);
  }

  /** Takes a chosen file away again. */
  async unstage(id: string): Promise<void> {
    await this.#ask(this.#backend.unstage(id));
  }

  /** A file that could not be taken in was read about. */
  forget(visitor: string, id: string): void {
    this.#hands.change((known) => withoutRefused(known, visitor, id));
  }

  /** Keeps or removes what a picture says of place and time. */
  async setDetails(id: string, keep: boolean): Promise<void> {
    await this.#ask(this.#backend.setDetails(id, keep));
  }

  /** Stops a transfer until it is resumed. */
  async pause(key: string): Promise<void> {
    await this.#ask(this.#backend.pause(key));
  }

  /** Goes on with it. */
  async resume(key: string): Promise<void> {
    await this.#ask(this.#backend.resume(key));
  }

  /** Ends it: a file that goes out leaves with its message, one that comes in can be fetched again. */
  async cancel(key: string, up: boolean): Promise<void> {
    const done = await this.#ask(this.#backend.cancel(key));
    if (done && up) this.#hands.drop(key);
  }

  /** Has a file's bytes brought here; how it goes comes by itself. */
  async fetch(key: string): Promise<void> {
    await this.#ask(this.#backend.fetch(key));
  }

  /** Saves it where the person says; `null`: nowhere. */
  async save(key: string): Promise<Answered<Saved | null>> {
    const answer = await answered(this.#backend.save(key));
    if ("ok" in answer && answer.ok !== null) this.#hands.change((files) => withSaved(files, key));
    return answer;
  }

  /** Saves those that are here into a folder that the person chooses; `null`: into none. */
  async saveAll(keys: readonly string[]): Promise<Answered<Saved | null>> {
    const answer = await answered(this.#backend.saveAll([...keys]));
    if ("ok" in answer && answer.ok !== null)
      this.#hands.change((files) => keys.reduce((known, key) => withSaved(known, key), files));
    return answer;
  }

  /** Opens it with the program that the system has for it, after Rust's own questions. */
  async open(key: string): Promise<Answered<void>> {
    return answered(this.#backend.open(key));
  }

  /** Shows it in its folder. */
  async show(key: string): Promise<Answered<void>> {
    return answered(this.#backend.show(key));
  }

  /** The first words of a text. */
  async words(key: string): Promise<Answered<FileWords>> {
    return answered(this.#backend.words(key));
  }

  /** A page of a visitor's files, of one chat or of all, with every word of `name` in their names. */
  async list(
    visitor: string,
    before: string | null,
    chat: string | null,
    name: string,
  ): Promise<Answered<FilesPage>> {
    return answered(this.#backend.list(before, chat, name, visitor));
  }

  /** Tells what went wrong where no control is near. */
  tell(problem: Problem): void {
    this.#hands.trouble(problem);
  }

  /** The address of a file's picture, at most `px` wide and high; by its key, or by its staged id. */
  preview(key: string, px: number): string {
    return this.#backend.preview(key, px);
  }

  #refuse(visitor: string, name: string, problem: Problem): void {
    this.#made += 1;
    const refused = { id: `refused-${String(this.#made)}`, name, problem };
    this.#hands.change((known) => withRefused(known, visitor, refused));
  }

  async #ask(asked: Promise<unknown>): Promise<boolean> {
    const answer = await answered(asked);
    if ("problem" in answer) this.#hands.trouble(answer.problem);
    return "ok" in answer;
  }
}

async function answered<T>(asked: Promise<T>): Promise<Answered<T>> {
  return asked.then(
    (ok) => ({ ok }),
    (reason: unknown) => ({ problem: asProblem(reason) }),
  );
}
