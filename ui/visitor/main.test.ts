// The page's start: in which order the app is asked.
import { expect, test, vi } from "vitest";
import { MemoryVisitor } from "../backend/memory";

const desk = new MemoryVisitor();
vi.mock("../backend/tauri", () => ({ tauriVisitor: () => desk }));

test("the app is asked for the form once it has booted: from then on it takes a form that is not up for one that hangs", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const asked: string[] = [];
  let unlock = (): void => undefined;
  const boot = desk.boot.bind(desk);
  const keyring = new Promise<void>((resolve) => (unlock = resolve));
  vi.spyOn(desk, "boot").mockImplementation(async (listener) => {
    asked.push("boot");
    await keyring;
    asked.push("booted");
    return boot(listener);
  });
  vi.spyOn(desk, "pack").mockImplementation(() => {
    asked.push("pack");
    return Promise.resolve({ device: "desktop", pack: null, flaw: { code: "pack_json", message: "No." } });
  });
  await import("./main");
  await vi.waitFor(() => expect(asked).toContain("boot"));
  unlock();
  await vi.waitFor(() => expect(document.querySelector(".page-stopped")).not.toBeNull());
  expect(asked).toEqual(["boot", "booted", "pack"]);
});
