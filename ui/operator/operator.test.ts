import { describe, expect, it, vi } from "vitest";
import { all, leave, one, openRow, nameless, press, rowOf, settle, show, usePage, write } from "./test-page";

usePage();

describe("the operator's page", () => {
  it("shows who waits first, with a status on each row", async () => {
    await show("scene=busy");
    const statuses = all("visitor-row").map((row) => row.dataset["status"]);
    expect(statuses.slice(0, 4)).toEqual(["waiting", "waiting", "waiting", "in_chat"]);
    expect(document.title).toBe("(7) Deskbell");
  });

  it("sends with Enter, starts a new line with Shift+Enter, and shows how far the message has come", async () => {
    await show("scene=busy");
    await openRow("ab12");
    write("Good morning");
    press(one("composer"), "Enter", { shiftKey: true });
    expect(all("message")).toHaveLength(1);
    press(one("composer"), "Enter");
    await settle();
    expect(one<HTMLTextAreaElement>("composer").value).toBe("");
    const sent = all("message").at(-1);
    expect(sent?.querySelector(".bubble p")?.textContent).toBe("Good morning");
    expect(sent?.dataset).toMatchObject({ sender: "operator", status: "queued" });
    expect(sent?.querySelector("[role=img]")?.getAttribute("aria-label")).toBe("Waiting to be sent");
    await vi.waitFor(() => expect(sent?.dataset["status"]).toBe("delivered"), 3_000);
  });

  it("keeps a draft with its visitor", async () => {
    await show("scene=busy");
    await openRow("ab12");
    write("half a sentence");
    await openRow("7c1e");
    expect(one<HTMLTextAreaElement>("composer").value).toBe("");
    expect(rowOf("ab12")?.textContent).toContain("Draft: half a sentence");
    await openRow("ab12");
    expect(one<HTMLTextAreaElement>("composer").value).toBe("half a sentence");
  });

  it("shows the words that are being typed as not sent", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    expect(one("typing").textContent).toContain("or would Sunday be better");
    expect(one("typing").textContent).toContain("not sent yet");
  });

  it("offers a failed and a held message again, or away with it", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    expect(all("resend")).toHaveLength(2);
    one("resend").click();
    await settle();
    expect(all("resend")).toHaveLength(1);
    one("discard").click();
    await settle();
    expect(all("discard")).toHaveLength(0);
    expect(document.body.textContent).not.toContain("waited since the day before");
  });

  it("says why nothing can be written when no chat is open", async () => {
    await show("scene=busy");
    await openRow("f3f3");
    const field = one<HTMLTextAreaElement>("composer");
    expect(field.disabled).toBe(true);
    const why = document.getElementById(field.getAttribute("aria-describedby") ?? "");
    expect(why?.textContent).toBe("Ingrid has left the site. You can answer when they come back and write.");
  });

  it("threats 27: what a visitor writes is text and nothing else", async () => {
    await show("scene=busy");
    await openRow("c0ff");
    expect(document.body.textContent).toContain("<img src=x onerror=alert(1)>");
    expect(document.querySelector("img, b")).toBeNull();
  });

  it("threats 27: no markup carries a style of its own, which the CSP would refuse", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    const styled = [...document.querySelectorAll("[style]")].map((element) => element.localName);
    expect(styled).toEqual(["textarea"]); // its height, by the CSSOM
  });

  it("moves through the list by the arrow keys and opens with Enter", async () => {
    await show("scene=busy");
    const first = rowOf("ab12");
    first?.focus();
    if (first) press(first, "ArrowDown");
    await settle();
    expect((document.activeElement as HTMLElement).dataset["visitor"]).toMatch(/^0d44/);
    expect(rowOf("0d44")?.tabIndex).toBe(0);
    expect(first?.tabIndex).toBe(-1);
  });

  it("says calmly that there is no connection, and loudly that the desk does not run", async () => {
    await show("scene=offline");
    expect(one("strip").dataset["strip"]).toBe("offline");
    await leave();
    await show("scene=port");
    expect(one("strip").textContent).toContain("Port 7717");
  });

  it("takes the visitor's unsent words away with the chat", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    one("close-chat").click();
    await settle();
    expect(all("typing")).toEqual([]);
    const closed = all("message").filter((line) => line.textContent.includes("by the operator"));
    expect(closed).toHaveLength(1);
    await openRow("ab12");
    await openRow("7c1e");
    expect(all("typing")).toEqual([]);
  });

  it("tries a stopped line again when the person asks", async () => {
    await show("scene=stopped");
    one("reconnect").click();
    await settle(500);
    expect(all("strip")).toEqual([]);
  });

  it("hands out the link of a hosted desk while nobody has come", async () => {
    await show("scene=empty");
    expect(one<HTMLInputElement>("join-link").value).toMatch(/^deskbell:\/\/join\?/);
  });

  it("signs in, after a sentence about the wrong password", async () => {
    await show("scene=sign_in");
    const fill = (name: string, value: string) => {
      const field = one<HTMLInputElement>(name);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const submit = () => one("sign-in-submit").closest("form")?.requestSubmit();
    submit();
    await settle();
    expect(one("sign-in-problem").textContent).toContain("Write your login");
    fill("sign-in-login", "anna");
    fill("sign-in-password", "wrong");
    submit();
    await vi.waitFor(() => expect(one("sign-in-problem").textContent).toContain("is wrong"));
    fill("sign-in-password", "password");
    submit();
    await vi.waitFor(() => one("status-switch"));
  });

  it("makes the first account only of what is right", async () => {
    await show("scene=setup");
    one("setup-submit").closest("form")?.requestSubmit();
    await settle();
    expect(document.querySelectorAll('[aria-invalid="true"]')).toHaveLength(3);
    expect(document.activeElement).toBe(one("setup-name"));
  });

  it("names every control", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    expect(nameless()).toEqual([]);
  });
});
