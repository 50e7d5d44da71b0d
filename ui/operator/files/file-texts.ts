// A file's state in words.
import type { FileView } from "../../generated/FileView";
import type { Transfer } from "../../generated/Transfer";
import type { Place } from "../place.svelte";

/** The line under a file's name. */
export function fileWords(place: Place, file: FileView): string {
  if (file.transfer) return transferWords(place, file.transfer);
  const words = [place.size(file.size)];
  if (!file.here) words.push(place.t("file.not_here"));
  else if (file.opening === "never") words.push(place.t("file.never"));
  return words.join(" · ");
}

/** How far a file has come, how fast it goes and how long it takes; or why it stands. */
export function transferWords(place: Place, transfer: Transfer): string {
  const { state, up, done, total, speed, left_s } = transfer;
  const { t } = place;
  const far = t("file.moving", { done: place.size(done), total: place.size(total) });
  // All of it may be there, and its message still wait for those before it.
  if (state === "running" && up && done >= total)
    return [t("file.waits_turn"), place.size(total)].join(" · ");
  switch (state) {
    case "waiting":
      return [t(place.connected ? "file.waits_turn" : "file.waits_line"), place.size(total)].join(" · ");
    case "paused":
      return [t("file.paused"), far].join(" · ");
    case "failed":
      return place.wordsOf({ code: transfer.code ?? "", message: transfer.sentence ?? "" });
    case "running": {
      const words = [far];
      if (speed !== null && speed > 0) words.push(t("file.speed", { size: place.size(speed) }));
      if (left_s !== null) words.push(t("file.left", { time: place.left(left_s) }));
      return words.join(" · ");
    }
  }
}
