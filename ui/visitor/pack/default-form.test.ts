// How the page loads the default form's pack.
import { afterEach, describe, expect, test } from "vitest";
import pack from "../../packs/default/pack.json";
import { loadDefaultForm, loadDefaultStyle } from "./default-form";

const { js, css, tpls } = pack.VC.desktop;

function names(selector: string): string[] {
  return [...document.head.querySelectorAll<HTMLElement>(selector)].map((element) =>
    (element.getAttribute("src") ?? element.getAttribute("href") ?? "").replace("/packs/default/", ""),
  );
}

function finish(selector: string, event = "load"): void {
  for (const element of document.head.querySelectorAll(selector)) element.dispatchEvent(new Event(event));
}

afterEach(() => document.head.replaceChildren());

describe("the pack of the default form", () => {
  test("is the same on every device: it asks for the device itself", () => {
    const { desktop, ...others } = pack.VC;
    expect(others).toEqual({ tablet: desktop, mobile: desktop });
  });

  test("every style is awaited, and scripts are fetched meanwhile", async () => {
    const style = loadDefaultStyle();
    expect([names("link[rel=stylesheet]"), names("link[rel=preload]")]).toEqual([css, js]);
    finish("link[rel=stylesheet]");
    await style.loaded;
  });

  test("its scripts run one after the other, in its order", async () => {
    const loaded = loadDefaultForm();
    const scripts = [...document.head.querySelectorAll("script")];
    expect([names("script"), scripts.some((script) => script.async)]).toEqual([js, false]);
    finish("script");
    const { templates } = await loaded;
    expect(Object.keys(templates)).toEqual(Object.keys(tpls));
    expect(Object.values(templates).filter((html) => html === "")).toEqual([]);
  });

  test("a script that is not there is a problem with a code", async () => {
    const loaded = loadDefaultForm();
    finish("script", "error");
    await expect(loaded).rejects.toMatchObject({ code: "pack_failed" });
  });
});
