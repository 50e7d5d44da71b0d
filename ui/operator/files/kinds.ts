// What stands for a kind of file where nothing of it can be shown.
import type { FileKind } from "../../generated/FileKind";

/** The sign of each kind. */
export const KIND_ICONS = {
  image: "picture",
  pdf: "document",
  text: "form",
  audio: "sound",
  video: "film",
  document: "document",
  archive: "box",
  other: "file",
} as const satisfies Record<FileKind, string>;
