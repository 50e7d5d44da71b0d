// What stands for a kind of file where nothing of it can be shown.
import type { FileKind } from "../../generated/FileKind";
import type { IconName } from "../../look/Icon.svelte";

/** The sign of each kind. */
export const KIND_ICONS: Record<FileKind, IconName> = {
  image: "picture",
  pdf: "document",
  text: "form",
  audio: "sound",
  video: "film",
  document: "document",
  archive: "box",
  other: "file",
};
