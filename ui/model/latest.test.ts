import { expect, test, vi } from "vitest";
import { latest } from "./latest";

/** Saves that end when the test says so. */
function slow() {
  const begun: { value: number; done: () => void; fail: (reason: unknown) => void }[] = [];
  const save = async (value: number) => new Promise<void>((done, fail) => begun.push({ value, done, fail }));
  return { begun, save, on: { saved: vi.fn(), refused: vi.fn() } };
}

test("one save runs at a time, and after it only the newest value is saved", async () => {
  const { begun, save, on } = slow();
  const push = latest(save, on);
  for (const value of [1, 2, 3]) push(value);
  expect(begun.map(({ value }) => value)).toEqual([1]);
  begun[0]?.done();
  await vi.waitFor(() => expect(begun.map(({ value }) => value)).toEqual([1, 3]));
  expect(on.saved).not.toHaveBeenCalled();
  begun[1]?.done();
  await vi.waitFor(() => expect(on.saved).toHaveBeenCalledTimes(1));
});

test("what is refused is said once, and the next value is tried all the same", async () => {
  const { begun, save, on } = slow();
  const push = latest(save, on);
  push(1);
  push(2);
  begun[0]?.fail("full");
  await vi.waitFor(() => expect(begun).toHaveLength(2));
  expect(on.refused).not.toHaveBeenCalled();
  begun[1]?.fail("full");
  await vi.waitFor(() => expect(on.refused.mock.calls).toEqual([["full"]]));
  push(3);
  expect(begun).toHaveLength(3);
});
