import { describe, expect, test } from "vitest";
import type { DesktopSettings } from "../generated/DesktopSettings";
import {
  isQuietAt,
  partsOf,
  peopleOf,
  quietLength,
  quietParts,
  quietTimes,
  sectionsOf,
  sizeWords,
  turned,
  unansweredChoices,
  withKind,
} from "./desktop-settings";

const settings = (change: Partial<DesktopSettings> = {}): DesktopSettings => ({
  face: "operator",
  alerts: {
    kinds: [
      { kind: "waiting", show: true, sound: true },
      { kind: "words", show: true, sound: false },
    ],
    hide_words: false,
    grouping: true,
    volume: 70,
    quiet: null,
    unanswered_s: 120,
  },
  autostart: false,
  keep_in_tray: "tray",
  hosting: null,
  desk: "desk.example:7717",
  profile: "operator",
  secrets: "keyring",
  version: "0.1.0",
  ...change,
});
const hosting = { address: "127.0.0.1:7717", link: "deskbell://join?x", problem: null };

describe("the sections", () => {
  test("have a desk only where one runs here", () => {
    expect(sectionsOf(settings())).not.toContain("desk");
    expect(sectionsOf(settings({ hosting }))).toContain("desk");
    expect(partsOf(settings())).not.toContain("hosting");
    expect(partsOf(settings({ hosting }))).toContain("hosting");
  });

  test("are walked through by arrows, round the ends", () => {
    const all = sectionsOf(settings());
    expect(turned(all, "alerts", "ArrowDown")).toBe("general");
    expect(turned(all, "alerts", "ArrowUp")).toBe("about");
    expect(turned(all, "about", "ArrowDown")).toBe("alerts");
    expect(turned(all, "data", "Home")).toBe("alerts");
    expect(turned(all, "data", "End")).toBe("about");
    expect(turned(all, "data", "x")).toBeNull();
  });
});

test("one kind changes and the others stay", () => {
  const { alerts } = settings();
  const changed = withKind(alerts, "waiting", { sound: false });
  expect(changed.kinds).toEqual([
    { kind: "waiting", show: true, sound: false },
    { kind: "words", show: true, sound: false },
  ]);
  expect(alerts.kinds[0]?.sound).toBe(true);
});

test("a time that was chosen elsewhere is offered in its place", () => {
  expect(unansweredChoices(120)).toEqual([0, 30, 60, 120, 180, 300, 600]);
  expect(unansweredChoices(90)).toEqual([0, 30, 60, 90, 120, 180, 300, 600]);
  expect(quietTimes(30)).toHaveLength(48);
  expect(quietTimes(45).slice(0, 4)).toEqual([0, 30, 45, 60]);
});

describe("quiet hours", () => {
  test("may go over midnight, and the same ends are the whole day", () => {
    expect(quietLength({ from: 1320, to: 480 })).toBe(600);
    expect(quietLength({ from: 540, to: 600 })).toBe(60);
    expect(quietLength({ from: 0, to: 0 })).toBe(1440);
    expect(quietParts({ from: 1320, to: 480 })).toEqual([
      [0, 480],
      [1320, 1440],
    ]);
    expect(quietParts({ from: 1320, to: 0 })).toEqual([[1320, 1440]]);
    expect(quietParts({ from: 540, to: 600 })).toEqual([[540, 600]]);
    expect(quietParts({ from: 60, to: 60 })).toEqual([[0, 1440]]);
  });

  test("hold their first minute and not their last", () => {
    const quiet = { from: 1320, to: 480 };
    expect([1319, 1320, 0, 479, 480].map((minute) => isQuietAt(quiet, minute))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(isQuietAt(null, 0)).toBe(false);
  });
});

test("operators are named first, and who has no name is counted", () => {
  const { named, nameless } = peopleOf(
    [
      { name: "Zoe", side: "visitor" },
      { name: null, side: "visitor" },
      { name: "Ben", side: "visitor" },
      { name: "Olga", side: "operator" },
      { name: " ", side: "visitor" },
    ],
    "en",
  );
  expect(named.map(({ name }) => name)).toEqual(["Olga", "Ben", "Zoe"]);
  expect(nameless).toBe(2);
});

test("a size has the unit that fits", () => {
  expect(sizeWords(0, "en")).toBe("0 byte");
  expect(sizeWords(48_200, "en")).toBe("48 kB");
  expect(sizeWords(2_400_000, "en")).toBe("2.4 MB");
  expect(sizeWords(2_400_000, "ru")).toContain("2,4");
});
