// Files in the operator's mirror: what was chosen and not sent yet, visitor by visitor, and what is on its way on the
// lines. Pure. What must always hold: what is being sent cannot be sent again, and what cannot be sent says why.
import type { FileView } from "../generated/FileView";
import type { GroupFiles } from "../generated/GroupFiles";
import type { Message } from "../generated/Message";
import type { Problem } from "../generated/Problem";
import type { SiteView } from "../generated/SiteView";
import type { StagedFile } from "../generated/StagedFile";
import type { StatusChange } from "../generated/StatusChange";

/** A file that nobody could begin to take in. */
export interface RefusedFile {
  /** Made here. */
  readonly id: string;
  readonly name: string;
  readonly problem: Problem;
}

/** The files of the page. */
export interface FilesState {
  readonly staged: ReadonlyMap<string, readonly StagedFile[]>;
  readonly refused: ReadonlyMap<string, readonly RefusedFile[]>;
  /** Staged ones that are being sent. */
  readonly leaving: ReadonlySet<string>;
  /** Are files held over the window? */
  readonly dragging: boolean;
  /** Keys of those that were saved since the start: their folder is known. */
  readonly saved: ReadonlySet<string>;
}

/** Nothing chosen. */
export const NO_FILES: FilesState = {
  staged: new Map(),
  refused: new Map(),
  leaving: new Set(),
  dragging: false,
  saved: new Set(),
};

/** The desk's rules for the files of a chat. */
export type FileBounds = Omit<GroupFiles, "group">;

/** What holds in a chat that is for that group; `null`: nothing is known of the site yet. */
export function boundsOf(site: SiteView | null, group: number | null): FileBounds | null {
  if (site === null) return null;
  const rules = site.settings.form.files;
  const own = rules.groups.find((known) => known.group === group);
  return own ? { ...own, enabled: rules.enabled && own.enabled } : rules;
}

/** What is chosen for a visitor, whole and in order; none: it was all sent or taken away. */
export function withStaged(files: FilesState, visitor: string, chosen: readonly StagedFile[]): FilesState {
  return { ...files, staged: withEntry(files.staged, visitor, chosen) };
}

/** A file that the page could not hand over; the list may tell of it already. */
export function withRefused(files: FilesState, visitor: string, refused: RefusedFile): FilesState {
  const told = (files.staged.get(visitor) ?? []).some(
    ({ name, code }) => name === refused.name && code === refused.problem.code,
  );
  if (told) return files;
  const known = files.refused.get(visitor) ?? [];
  return { ...files, refused: withEntry(files.refused, visitor, [...known, refused]) };
}

/** A refused one was read. */
export function withoutRefused(files: FilesState, visitor: string, id: string): FilesState {
  const rest = (files.refused.get(visitor) ?? []).filter((known) => known.id !== id);
  return { ...files, refused: withEntry(files.refused, visitor, rest) };
}

/** These are being sent. */
export function leave(files: FilesState, ids: readonly string[]): FilesState {
  return { ...files, leaving: new Set([...files.leaving, ...ids]) };
}

/** This one was saved. */
export function withSaved(files: FilesState, key: string): FilesState {
  return { ...files, saved: new Set([...files.saved, key]) };
}

/** Sending them is over; those that went are staged no more, whoever says so first. */
export function left(files: FilesState, visitor: string, ids: readonly string[], gone: boolean): FilesState {
  const leaving = new Set([...files.leaving].filter((id) => !ids.includes(id)));
  const rest = { ...files, leaving };
  if (!gone) return rest;
  const stay = (files.staged.get(visitor) ?? []).filter(({ id }) => !ids.includes(id));
  return withStaged(rest, visitor, stay);
}

/** What stands above the composer. */
export function stagedFor(files: FilesState, visitor: string): readonly StagedFile[] {
  return (files.staged.get(visitor) ?? []).filter(({ id }) => !files.leaving.has(id));
}

/** Those that can go now. */
export function sendable(files: FilesState, visitor: string): readonly string[] {
  return stagedFor(files, visitor)
    .filter(({ ready, code }) => ready && code === null)
    .map(({ id }) => id);
}

/** Is one still taken in? */
export function isTakingIn(files: FilesState, visitor: string): boolean {
  return stagedFor(files, visitor).some(({ ready, code }) => !ready && code === null);
}

/** The lines with the file as it is now; the same ones where none carries it. */
export function withFileIn(messages: readonly Message[], file: FileView): readonly Message[] {
  const at = messages.findIndex((message) => carries(message, file.key));
  const line = messages[at];
  if (!line) return messages;
  const next = [...messages];
  next[at] = { ...line, file: settled({ ...line, file }) };
  return next;
}

/** The file of a line that went on: named by what the desk calls it, and at rest once the desk has it. */
export function fileAfter(message: Message, change: StatusChange): FileView | null {
  const { file } = message;
  if (file === null || change.message_id === null) return file;
  return settled({ ...message, seq: change.seq ?? message.seq, file: { ...file, key: change.message_id } });
}

/** Can something of it be shown large? */
export function isShowable(message: Message): boolean {
  return message.kind === "message" && message.file !== null && message.file.preview !== "none";
}

/** The lines whose files can be shown large, in their order. */
export function showable(messages: readonly Message[]): readonly Message[] {
  return messages.filter(isShowable);
}

/** Does the line carry the file of that key? It is named by the uid first and by the desk's id later. */
export function carries(message: Message, key: string): boolean {
  return message.file !== null && [message.file.key, message.uid, message.message_id].includes(key);
}

/** A message that has its place carries a file that is whole: nothing of it goes up any more. */
function settled(message: Message): FileView | null {
  const { file, seq } = message;
  return file?.transfer?.up === true && seq !== null ? { ...file, transfer: null } : file;
}

function withEntry<T>(
  map: ReadonlyMap<string, readonly T[]>,
  visitor: string,
  list: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const next = new Map(map);
  if (list.length === 0) next.delete(visitor);
  else next.set(visitor, list);
  return next;
}
