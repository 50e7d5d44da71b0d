// How large a picture is shown: as it fits, or so many times larger.

/** As it fits. */
export const NO_ZOOM = 1;
/** Beyond this there is nothing more to see of a picture of ours. */
export const MOST_ZOOM = 6;

const STEPS = [NO_ZOOM, 1.5, 2, 3, 4, MOST_ZOOM];

/** The next step in or out; the same where there is none. */
export function zoomed(zoom: number, step: 1 | -1): number {
  const next = step === 1 ? STEPS.find((one) => one > zoom) : STEPS.findLast((one) => one < zoom);
  return next ?? zoom;
}

/** What a key asks for; `null`: nothing of it. */
export function zoomOf(key: string, zoom: number): number | null {
  if (key === "+" || key === "=") return zoomed(zoom, 1);
  if (key === "-" || key === "_") return zoomed(zoom, -1);
  return key === "0" ? NO_ZOOM : null;
}
