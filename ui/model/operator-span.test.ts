import { describe, expect, it } from "vitest";
import { grown, newer, newest, older, shifted, SPAN_LINES, type Span } from "./operator-span";

describe("the lines in the page", () => {
  it("are the newest at first", () => {
    expect(newest(50)).toEqual({ start: 0, end: 50 });
    expect(newest(1_200)).toEqual({ start: 1_200 - SPAN_LINES, end: 1_200 });
  });

  it("move to older and newer ones and never get more", () => {
    let span = newest(1_200);
    for (let step = 0; step < 20; step += 1) {
      span = older(span);
      expect(span.end - span.start).toBeLessThanOrEqual(SPAN_LINES);
    }
    expect(span).toEqual({ start: 0, end: SPAN_LINES });
    for (let step = 0; step < 20; step += 1) span = newer(span, 1_200);
    expect(span).toEqual({ start: 700, end: 1_200 });
  });

  it("stay the same lines, with a step of older ones, when a page is put before them", () => {
    expect(shifted({ start: 0, end: 50 }, 50)).toEqual({ start: 0, end: 100 });
    expect(shifted({ start: 0, end: 500 }, 200)).toEqual({ start: 100, end: 600 });
    expect(shifted({ start: 0, end: 50 }, 0)).toEqual({ start: 0, end: 50 });
  });

  it("follow the end where it was in the page, and stay where it was not", () => {
    const far: Span = { start: 100, end: 600 };
    expect(grown({ start: 0, end: 50 }, 50, 51)).toEqual({ start: 0, end: 51 });
    expect(grown({ start: 100, end: 600 }, 600, 601)).toEqual({ start: 101, end: 601 });
    expect(grown(far, 900, 901)).toEqual(far);
    expect(grown({ start: 0, end: 3 }, 3, 2)).toEqual({ start: 0, end: 2 });
  });
});
