// What the page asks of the part that draws files.
import type { StagedFile } from "../../generated/StagedFile";

/** Milliseconds that a file is on its way before the page says so. */
export const SHOWN_MS = 1_000;

/** The place of files in a page. */
export interface Room {
  /** These wait to be sent. */
  stage(files: StagedFile[]): void;
  /** Files are held over the window, or not any more. */
  drag(isOver: boolean): void;
  /** One file: what it is, and what can be done with it. */
  show(key: string): void;
  /** How things stand has changed. */
  look(): void;
}
