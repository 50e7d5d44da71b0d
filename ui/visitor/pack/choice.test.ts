// Which form a page opens, the way from one to the other, and what happens when the site's is another one.
import { describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryPresent } from "../../backend/memory";
import { wishDefaultForm } from "../stopped";
import { QUIET_MS } from "./change";
import {
  desk,
  files,
  runtime,
  ran,
  reload,
  hideWindow,
  startAnew,
  open,
  part,
  stopped,
  notice,
  ups,
  kit,
  runInStage,
} from "./stage";

runInStage();

describe("the default form", () => {
  test("without a pack it runs as ever, and the app is told that it is up", async () => {
    await open(null, { device: "mobile" });
    expect(ran.map(([name, { own }]) => [name, own])).toEqual([["consultant", "default"]]);
    expect([files.asked, ups(), notice(), runtime.callGear.getDeviceType()]).toEqual([
      [],
      1,
      undefined,
      "mobile",
    ]);
  });

  test("an app that cannot say which form to run runs it, too", async () => {
    vi.spyOn(MemoryVisitor.prototype, "pack").mockRejectedValue({ code: "no_answer", message: "" });
    await open(kit());
    expect(ran.map(([name]) => name)).toEqual(["consultant"]);
  });

  test("where the person asked for it there is a quiet way back to the company's", async () => {
    wishDefaultForm("d1");
    await open(kit());
    expect(ran.map(([, { own }]) => own)).toEqual(["default"]);
    part("company-form")?.click();
    expect(reload).toHaveBeenCalledOnce();
    startAnew();
    await open(kit());
    expect(ran.map(([, { of }]) => of)).toEqual(["consultant-desktop", "sitephone-desktop"]);
  });

  test("after a form that hung, the sentence stands above it", async () => {
    await open(null, { flaw: { code: "pack_hangs", message: "It did not answer for 10 seconds." } });
    expect([ran.length, notice(), stopped(), part("company-form")]).toEqual([
      1,
      "It did not answer for 10 seconds.",
      undefined,
      null,
    ]);
  });

  test("a window that nobody sees paints no frame, and is up all the same", async () => {
    hideWindow();
    await open(null);
    expect(ups()).toBe(1);
  });
});

describe("the site's form is another one now", () => {
  const change = (): void => desk.push({ type: "pack" });

  test("the page begins anew when nobody is busy", async () => {
    await open(kit());
    change();
    expect(reload).toHaveBeenCalledOnce();
  });

  const pass = (ms: number): void => void vi.advanceTimersByTime(ms);

  test("not while a chat goes on, nor where its rating may stand, but a while after it is over", async () => {
    await open(kit());
    vi.useFakeTimers();
    desk.push({ type: "present", present: memoryPresent({ state: "chat" }) });
    change();
    pass(10 * QUIET_MS);
    expect(reload).not.toHaveBeenCalled();
    desk.push({ type: "present", present: memoryPresent() });
    pass(QUIET_MS - 1);
    expect(reload).not.toHaveBeenCalled();
    pass(QUIET_MS);
    expect(reload).toHaveBeenCalledOnce();
  });

  test.each(["keydown", "pointerdown", "wheel"])("a while after the last %s", async (deed) => {
    await open(kit());
    vi.useFakeTimers();
    const act = (): unknown => document.body.dispatchEvent(new Event(deed, { bubbles: true }));
    act();
    change();
    pass(QUIET_MS - 1);
    act();
    pass(QUIET_MS - 1);
    expect(reload).not.toHaveBeenCalled();
    pass(1);
    expect(reload).toHaveBeenCalledOnce();
  });

  test("at once where the form stopped", async () => {
    await open({ options: {} });
    change();
    expect(reload).toHaveBeenCalledOnce();
  });
});
