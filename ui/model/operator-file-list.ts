// The files of a visitor, newest first: what pages of the store say, and what the open conversation knows newer.
import type { FilesPage } from "../generated/FilesPage";
import type { Message } from "../generated/Message";

/** What was read of the list so far. */
export interface FileList {
  readonly lines: readonly Message[];
  readonly more: boolean;
}

/** Nothing read yet. */
export const NO_LIST: FileList = { lines: [], more: false };

/** With an older page. A page that brings nothing new is the last one, whatever it says. */
export function withPage(list: FileList, page: FilesPage): FileList {
  const known = new Set(list.lines.map(idOf));
  const fresh = page.lines.filter((line) => !known.has(idOf(line)));
  return { lines: [...list.lines, ...fresh], more: page.more && fresh.length > 0 };
}

/** What is shown: the list, put right by the lines on the screen, of one chat or of all, by a part of the name. */
export function shownFiles(
  list: FileList,
  live: readonly Message[],
  chat: string | null,
  wanted: string,
): readonly Message[] {
  const found = new Map(list.lines.map((line) => [idOf(line), line]));
  const oldest = list.more ? (list.lines.at(-1)?.seq ?? 0) : 0;
  for (const line of live) {
    const isListed = found.has(idOf(line));
    const isNewer = line.seq === null || line.seq > oldest;
    const isOfChat = chat === null || line.chat_id === chat || line.seq === null;
    if (line.file !== null && (isListed || (isNewer && isOfChat))) found.set(idOf(line), line);
  }
  const words = folded(wanted).split(/\s+/u);
  return [...found.values()]
    .filter(({ file }) => file !== null && words.every((word) => folded(file.name).includes(word)))
    .sort((a, b) => placeOf(b) - placeOf(a));
}

/** The chat of the newest line; `null`: none is known. */
export function chatOf(messages: readonly Message[]): string | null {
  return messages.findLast(({ chat_id }) => chat_id !== null)?.chat_id ?? null;
}

/** As Rust compares names (`crates/api/src/files/named.rs`). */
function folded(text: string): string {
  return text.trim().toLocaleLowerCase().replaceAll("ё", "е");
}

/** A line's name, the same before and after the desk has it. */
export function idOf({ uid, key }: Message): string {
  return uid ?? key;
}

function placeOf(message: Message): number {
  return message.seq ?? Number.MAX_SAFE_INTEGER;
}
