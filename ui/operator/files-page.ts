// The operator's page on a conversation with files, for the tests of files.
import type { MemoryFiles } from "../backend/memory-files";
import { all, openRow, show } from "./test-page";

type Files = MemoryFiles<[visitor: string]>;

/** What the page that was opened last asks of files. */
export let files: Files;

/** The page on a scene, with the conversation of the visitor with the files. */
export async function page(query = "scene=files"): Promise<void> {
  await show(query, (backend) => {
    files = backend.files as Files;
    return backend;
  });
  await openRow("7c1e");
}

export const VISITOR = "7c1e0b52-6b1d";
export const calls = (verb: string) => files.calls.filter(([known]) => known === verb);
export const bubble = (name: string) => {
  const found = all("file").find((file) => file.dataset["file"] === name);
  if (!found) throw new Error(`there is no bubble of ${name}`);
  return found;
};
export const within = (name: string, test: string) =>
  bubble(name).querySelector<HTMLElement>(`[data-test="${test}"]`);
export const state = (name: string) => within(name, "file-state")?.textContent;
export const picture = new File(["p"], "image.png", { type: "image/png" });

/** A paste of these, as the engine tells of it. */
export function paste(at: Element, given: File[], words: Record<string, string> = {}): Event {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: clipboard(given, words) });
  at.dispatchEvent(event);
  return event;
}

export function clipboard(given: File[], words: Record<string, string> = {}): DataTransfer {
  const types = [...Object.keys(words), ...(given.length > 0 ? ["Files"] : [])];
  return { files: given, types, getData: (type: string) => words[type] ?? "" } as unknown as DataTransfer;
}
