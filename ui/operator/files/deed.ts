// What a click on a file does: the nearest thing. One that is not here is fetched, one that can be shown is shown
// large, and one that may be opened is opened by the system's program for it.
import type { Message } from "../../generated/Message";
import type { Place } from "../place.svelte";

/** A deed, and what it is called. */
export interface Deed {
  readonly test: "file-fetch" | "file-view" | "file-card-open";
  /** Said before the file's name. */
  readonly label: string;
  readonly act: () => void;
}

/** What a click on this line's file does; `null`: nothing. `among`: the lines to walk through when it is shown large. */
export function deedOf(place: Place, line: Message, among: readonly Message[] | null): Deed | null {
  const { file, mine } = line;
  if (file === null || (file.transfer !== null && file.transfer.state !== "failed")) return null;
  const { key } = file;
  const { files } = place.workplace;
  if (!file.here) {
    // What was sent from here and is not here any more cannot come from anywhere before the desk has it.
    if (mine && line.seq === null) return null;
    return { test: "file-fetch", label: place.t("file.fetch"), act: () => void files.fetch(key) };
  }
  if (file.preview !== "none") {
    const act = () => (place.showing = { key, among });
    return { test: "file-view", label: place.t("file.large"), act };
  }
  if (file.opening === "never") return null;
  const open = async () => {
    const answer = await files.open(key);
    if ("problem" in answer) files.tell(answer.problem);
  };
  return { test: "file-card-open", label: place.t("file.open_it"), act: () => void open() };
}
