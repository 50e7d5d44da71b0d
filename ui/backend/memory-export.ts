// Exports in memory: `files` and `away` are how many there are on this computer and at the desk alone, `pace` milliseconds
// for each.
import type { FilesHeld } from "../generated/FilesHeld";
import type { FileSum } from "../generated/FileSum";
import type { SettingsBackend } from "./backend";

/** Bytes of each file. */
const BYTES = 2_831_155;

/** The verbs of an export. */
export function memoryExport(
  query: URLSearchParams,
  beat: (verb: string) => Promise<void>,
): Pick<SettingsBackend, "cancelExport" | "export" | "exportFiles"> {
  const sum = (count: number): FileSum => ({ count, bytes: count * BYTES });
  const held: FilesHeld = {
    here: sum(Number(query.get("files") ?? 0)),
    away: sum(Number(query.get("away") ?? 0)),
    online: !query.has("offline"),
  };
  let isCancelled = false;
  return {
    exportFiles: async () => {
      await beat("exportFiles");
      return held;
    },
    export: async (format, files, going) => {
      isCancelled = query.has("cancel");
      await beat("export");
      const all = sum(files === "names" ? 0 : held.here.count + (files === "all" ? held.away.count : 0));
      for (let done = 0; done < all.count && !isCancelled; done += 1) {
        going({ done: sum(done), all, fetching: done >= held.here.count });
        await new Promise((over) => setTimeout(over, Number(query.get("pace") ?? 10)));
      }
      if (isCancelled) return null;
      const path = "/home/anna/Documents/conversations";
      return {
        path: `${path}.${format}`,
        bytes: 482_113,
        conversations: 12,
        folder: all.count > 0 ? `${path} files` : null,
        files: all,
        missing: files === "here" ? held.away.count : 0,
      };
    },
    cancelExport: async () => {
      isCancelled = true;
      return Promise.resolve();
    },
  };
}
