import { describe, expect, it } from "vitest";
import { createDates, lengthOf, nearDay } from "./operator-times";

const NOW = new Date(2025, 4, 12, 12, 0, 0).getTime();

describe("times for people", () => {
  it("is counted in the largest unit that fills, seconds by fives, and never below nothing", () => {
    expect([-5_000, 4_999, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000 * 3].map(lengthOf)).toEqual([
      { unit: "seconds", count: 0 },
      { unit: "seconds", count: 0 },
      { unit: "seconds", count: 55 },
      { unit: "minutes", count: 1 },
      { unit: "minutes", count: 59 },
      { unit: "hours", count: 1 },
      { unit: "days", count: 3 },
    ]);
  });

  it("names today and yesterday by the calendar", () => {
    const midnight = new Date(2025, 4, 12).getTime();
    expect([NOW, midnight, midnight - 1, midnight - 86_400_001].map((date) => nearDay(date, NOW))).toEqual([
      "today",
      "today",
      "yesterday",
      null,
    ]);
  });

  it("is brief today, a day in this year, and has the year before that", () => {
    const dates = createDates("en");
    expect(dates.brief(NOW - 60_000, NOW)).toBe("11:59");
    expect(dates.brief(new Date(2025, 0, 2).getTime(), NOW)).toBe("2 Jan");
    expect(dates.brief(new Date(2023, 0, 2).getTime(), NOW)).toBe("2 Jan 2023");
    expect(createDates("ru").day(NOW, NOW)).toBe("понедельник, 12 мая");
  });
});
