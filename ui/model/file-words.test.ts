import { describe, expect, it } from "vitest";
import { leftOf, MB, partName, percentOf, sizeOf } from "./file-words";

describe("a size", () => {
  it.each([
    [0, "bytes", 0],
    [1, "bytes", 1],
    [1_023, "bytes", 1_023],
    [1_024, "kb", 1],
    [25_088, "kb", 24.5],
    [102_400, "kb", 100],
    [1_047_552, "kb", 1_023],
    [1_048_575, "mb", 1],
    [25 * MB, "mb", 25],
    [3 * 1024 * MB, "gb", 3],
    [3_000 * 1024 * MB, "gb", 3_000],
  ])("%i bytes are %s %d", (bytes, unit, count) => {
    const size = sizeOf(bytes);
    expect(size.unit).toBe(unit);
    expect(Math.round(size.count)).toBe(Math.round(count));
  });
});

it("a time that is left is never nothing and never too short", () => {
  expect(leftOf(0)).toEqual({ unit: "seconds", count: 1 });
  expect(leftOf(17.2)).toEqual({ unit: "seconds", count: 18 });
  expect(leftOf(61)).toEqual({ unit: "minutes", count: 2 });
  expect(leftOf(3_601)).toEqual({ unit: "hours", count: 2 });
});

it("a share is whole only when it is", () => {
  expect([percentOf(999, 1_000), percentOf(1_000, 1_000), percentOf(0, 0)]).toEqual([99, 100, 0]);
});

describe("threats 36: the extension is in sight whatever is cut", () => {
  it.each([
    ["report.pdf", "", "report.pdf"],
    ["annual-report-2026-final.pdf", "annual-report-2026-", "final.pdf"],
    ["photo.jpg.exe", "phot", "o.jpg.exe"],
    ["a.b", "", "a.b"],
    [".profile", ".pr", "ofile"],
    ["README", "R", "EADME"],
    ["تقرير المبيعات.pdf", "تقرير المبيعات", ".pdf"],
    ["café́.png", "café́", ".png"],
    ["🎄🎄🎄🎄🎄🎄🎄.png", "🎄🎄🎄🎄🎄🎄🎄", ".png"],
  ])("%s", (name, start, end) => {
    const parts = partName(name);
    expect(parts.start + parts.end).toBe(name);
    if (start !== "") expect(parts).toEqual({ start, end });
    expect(parts.end.endsWith(/(?<=.)\.[^.]+$/.exec(name)?.[0] ?? "")).toBe(true);
  });
});
