import { describe, expect, it } from "vitest";
import type { Workplace } from "../model/operator-workplace";
import { all, click, nameless, one, settle, show, usePage, write } from "./test-page";

usePage();

const saved = (workplace: Workplace) => workplace.state.site?.settings;
const note = (path: string) => document.getElementById(`${path}-note`)?.textContent;

async function open(query = "scene=busy"): Promise<Workplace> {
  const workplace = await show(query);
  await click("view-settings");
  await click("part-files");
  return workplace;
}

async function save(): Promise<void> {
  await click("settings-save");
  await settle(5);
}

describe("settings: files", () => {
  it("a limit in megabytes, types as one writes them, and room", async () => {
    const workplace = await open();
    expect(one<HTMLInputElement>("form.files.max_bytes").value).toBe("25");
    write("2.5", "form.files.max_bytes");
    write(".PDF, *.png;jpg  pdf", "form.files.types");
    write("500", "quota.visitor_day_bytes");
    write("2048", "quota.site_bytes");
    expect(one("quota.site_bytes").closest(".field")?.textContent).toContain("2 GB");
    expect(nameless()).toEqual([]);
    await save();
    expect(one("settings-state").textContent.trim()).toBe("Saved");
    expect(saved(workplace)?.form.files).toMatchObject({
      max_bytes: 2_621_440,
      types: ["pdf", "png", "jpg"],
    });
    expect(saved(workplace)?.quota).toEqual({ visitor_day_bytes: 524_288_000, site_bytes: 2_147_483_648 });
  });

  it("what makes no sense is said where it stands, and not sent", async () => {
    const workplace = await open();
    const before = saved(workplace);
    write("0", "form.files.max_bytes");
    write("pdf, ж", "form.files.types");
    write("", "quota.site_bytes");
    await save();
    expect(note("form.files.max_bytes")).toContain("above 0");
    expect(note("form.files.types")).toContain("Letters a to z");
    expect(note("quota.site_bytes")).toContain("above 0");
    expect(one("settings-state").textContent.trim()).toBe("3 fields need another look");
    expect(saved(workplace)).toBe(before);
  });

  it("room for less than one file is pointed out, and may be meant", async () => {
    const workplace = await open();
    write("10", "quota.visitor_day_bytes");
    await settle();
    expect(note("quota.visitor_day_bytes")).toContain("would not fit");
    await save();
    expect(saved(workplace)?.quota.visitor_day_bytes).toBe(10_485_760);
  });

  it("a group has rules of its own, which come back when they were only switched off for a moment", async () => {
    const workplace = await open();
    await click("form.files.group-2");
    write("1", "form.files.groups.0.max_bytes");
    await click("form.files.group-2");
    expect(all("form.files.groups.0.max_bytes")).toEqual([]);
    await click("form.files.group-2");
    expect(one<HTMLInputElement>("form.files.groups.0.max_bytes").value).toBe("1");
    await click("form.files.groups.0.on");
    expect(all("form.files.groups.0.max_bytes")).toEqual([]);
    await save();
    expect(saved(workplace)?.form.files.groups).toEqual([
      { group: 2, enabled: false, max_bytes: 1_048_576, types: [] },
    ]);
    // With its group they leave.
    await click("part-groups");
    all("remove")[1]?.click();
    await settle();
    await save();
    expect(saved(workplace)?.form.files.groups).toEqual([]);
  });

  it("switched off, nothing else is asked", async () => {
    const workplace = await open();
    await click("form.files.on");
    expect(all("form.files.max_bytes")).toEqual([]);
    await save();
    expect(saved(workplace)?.form.files.enabled).toBe(false);
    expect(all("form.files.on")).toHaveLength(1);
  });
});
