import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whileWaiting } from "./waiting";

const shown = () => document.querySelector('[data-test="starting"]')?.textContent ?? null;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a quick start shows no word about waiting", () => {
  const over = whileWaiting("Starting");
  vi.advanceTimersByTime(1_000);
  over();
  vi.advanceTimersByTime(60_000);
  expect(shown()).toBeNull();
});

test("a slow start says what it may wait for, until it is over", () => {
  const over = whileWaiting("Starting");
  vi.advanceTimersByTime(2_000);
  expect(shown()).toBe("Starting");
  over();
  expect(shown()).toBeNull();
});
