import { describe, expect, it, vi } from "vitest";
import { all, click, nameless, one, openRow, press, rowOf, settle, show, usePage, write } from "./test-page";

usePage();

const lines = () => all("message").map((line) => [line.dataset["kind"] ?? "message", line.textContent]);
const lastLine = () => all("message").at(-1)?.textContent;

describe("a visitor without a chat", () => {
  it("invite: a template stands ready, goes out with Enter, waits, and is taken back", async () => {
    await show("scene=busy");
    await openRow("d1d1");
    expect(one<HTMLTextAreaElement>("offer").value).toBe("Hello! Can I help you with anything?");
    write("Shall I help?", "offer");
    press(one("offer"), "Enter");
    await settle();
    expect(lastLine()).toContain("You invited the visitor");
    expect(lastLine()).toContain("Shall I help?");
    expect(rowOf("d1d1")?.dataset["status"]).toBe("invited");
    expect(one("invitation").textContent).toMatch(/Waits [45] min more/u);
    await click("withdraw");
    expect(lastLine()).toContain("The invitation was taken back");
    expect(all("invitation")).toEqual([]);
    expect(one<HTMLTextAreaElement>("offer").value).toBe("Hello! Can I help you with anything?");
  });

  it("invite: an empty text and one that is too long cannot be sent, and nothing typed is lost", async () => {
    await show("scene=busy");
    await openRow("d1d1");
    const button = () => one<HTMLButtonElement>("invite");
    write("  ", "offer");
    expect(button().disabled).toBe(true);
    write("x".repeat(8_001), "offer");
    expect(button().disabled).toBe(true);
    expect(document.body.textContent).toContain("Too long by 1");
    write("half an invit", "offer");
    await openRow("7c1e");
    await openRow("d1d1");
    expect(one<HTMLTextAreaElement>("offer").value).toBe("half an invit");
  });

  it("invite: without a connection it says that it goes out later", async () => {
    await show("scene=offline");
    await openRow("d1d1");
    await click("invite");
    expect(document.body.textContent).toContain("goes out when the connection is back");
    expect(one<HTMLButtonElement>("invite").disabled).toBe(true);
  });

  it("who looks at a form is not invited, and the page says why", async () => {
    await show("scene=busy");
    await openRow("2b2b");
    expect(all("offer")).toEqual([]);
    expect(document.getElementById("composer-why")?.textContent).toContain("looks at a form");
  });
});

describe("the head of a conversation", () => {
  it("operatorjoined, operatorleave: takes a chat and leaves it", async () => {
    await show("scene=busy");
    await openRow("ab12");
    expect(one("take").textContent.trim()).toBe("Take");
    await click("take");
    expect(lastLine()).toContain("You joined the chat");
    expect(all("take")).toEqual([]);
    await click("more");
    document.querySelector<HTMLElement>('[data-item="leave"]')?.click();
    await settle();
    expect(lastLine()).toContain("You left the chat");
    expect(one("take")).toBeTruthy();
  });

  it("a colleague's chat is joined", async () => {
    await show("scene=hundred");
    await openRow("0005");
    expect(one("take").textContent.trim()).toBe("Join");
  });

  it("moves a chat to a group by keyboard, and the row says which", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    expect(rowOf("7c1e")?.textContent).toContain("Orders and delivery");
    await click("move");
    expect(document.querySelector('[role="menuitemradio"][aria-checked="true"]')?.textContent).toContain(
      "Orders and delivery",
    );
    expect((document.activeElement as HTMLElement).dataset["item"]).toBe("null");
    press(document.activeElement, "ArrowDown");
    (document.activeElement as HTMLElement).click();
    await settle();
    // What waits to go out stands below it.
    expect(lines().find(([kind]) => kind === "moved")?.[1]).toContain("Moved to “Support”");
    expect(rowOf("7c1e")?.querySelector('[data-test="group"]')?.textContent).toBe("Support");
    expect(all("move-item")).toEqual([]);
  });

  it("Escape closes the menu and gives the keyboard back", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    await click("move");
    press(document.activeElement, "Escape");
    await settle();
    expect(all("move-item")).toEqual([]);
    expect(document.activeElement).toBe(one("move"));
  });

  it("has nowhere to move to where the site has no groups", async () => {
    await show("scene=busy", (backend) => ({
      ...backend,
      boot: async (listener) => {
        const boot = await backend.boot(listener);
        boot.site?.settings.form.groups.splice(0);
        return boot;
      },
    }));
    await openRow("7c1e");
    expect(all("move")).toEqual([]);
    expect(all("group")).toEqual([]);
  });

  it("closechat: asks once where somebody waits for an answer, and not elsewhere", async () => {
    await show("scene=busy");
    await openRow("ab12");
    await click("close-chat");
    expect(rowOf("ab12")?.dataset["status"]).toBe("waiting");
    await click("close-confirm");
    expect(rowOf("ab12")?.dataset["status"]).toBe("on_site");
    await openRow("7c1e");
    await click("close-chat");
    expect(rowOf("7c1e")?.dataset["status"]).toBe("on_site");
  });

  it("keeps a visitor out after a question, shows it, and lets them in again", async () => {
    await show("scene=busy");
    await openRow("c0ff");
    const menu = async (item: string) => {
      await click("more");
      document.querySelector<HTMLElement>(`[data-item="${item}"]`)?.click();
      await settle();
    };
    await menu("ban");
    expect(lines().some(([kind]) => kind === "banned")).toBe(false);
    await click("ban-confirm");
    expect(lastLine()).toContain("You keep the visitor out");
    expect(document.querySelector("aside")?.textContent).toContain("Kept out");
    expect(document.getElementById("composer-why")?.textContent).toContain("is kept out");
    await menu("unban");
    expect(document.querySelector("aside")?.textContent).not.toContain("Kept out");
  });
});

describe("the log", () => {
  it.each(["en", "ru"])("has a sentence for every kind of line, in %s", async (lang) => {
    await show(`scene=busy&lang=${lang}`);
    await openRow("f3f3");
    const system = lines().filter(([kind]) => kind !== "message");
    expect(new Set(system.map(([kind]) => kind)).size).toBe(17);
    for (const [kind, words = ""] of system) {
      expect(words, kind).not.toMatch(/\{\w+\}|version of Deskbell|версия Deskbell/u);
      expect(words.replace(/[\d:]/gu, "").trim().length, kind).toBeGreaterThan(8);
    }
  });

  it("showchatretentionaction: words that the desk sends by itself are nobody's", async () => {
    await show("scene=busy");
    await openRow("f3f3");
    expect(document.body.textContent).toContain("Automatic");
  });
});

describe("the card", () => {
  const card = () => document.querySelector("aside")?.textContent ?? "";

  it("shows contacts, visits, marks in words and the consent", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    expect(card()).toContain("maria.lindgren@example.test");
    expect(card()).toContain("+7 (495) 123-45-67");
    expect(card()).toContain("Agreed (version 3)");
    expect(all("rating")).toHaveLength(5);
    expect(all("rating")[2]?.querySelector("[role=img]")?.getAttribute("aria-label")).toBe("1 of 5");
  });

  it("threats 24: says what is wrong with a contact before it is sent", async () => {
    const want = vi.fn(async () => Promise.resolve());
    await show("scene=busy", (backend) => ({ ...backend, want }));
    await openRow("7c1e");
    await click("card-edit");
    write("maria@", "card-email");
    write("12", "card-phone");
    await click("card-save");
    expect(want).not.toHaveBeenCalled();
    expect(card()).toContain("This is not an e-mail address");
    expect(card()).toContain("A phone number has 5 to 20 digits");
    expect(document.activeElement).toBe(one("card-email"));
  });

  it("takes a name and contacts, and shows them at once", async () => {
    await show("scene=busy");
    await openRow("ab12");
    await click("card-edit");
    write("Ann", "card-name");
    write(" ann@example.test ", "card-email");
    await click("card-save");
    expect(card()).toContain("ann@example.test");
    expect(rowOf("ab12")?.textContent).toContain("Ann");
    expect(lastLine()).toContain("Visitor’s card: Ann, ann@example.test");
    expect(document.activeElement).toBe(one("card-edit"));
  });

  it("sends nothing where nothing was changed, and Escape changes nothing", async () => {
    const want = vi.fn(async () => Promise.resolve());
    await show("scene=busy", (backend) => ({ ...backend, want }));
    await openRow("7c1e");
    await click("card-edit");
    await click("card-save");
    await click("card-edit");
    write("Somebody else", "card-name");
    press(one("card-name"), "Escape");
    await settle();
    expect(all("card-name")).toEqual([]);
    expect(want).not.toHaveBeenCalled();
  });

  it("needs a connection, says so, and keeps what the row knows", async () => {
    await show("scene=offline");
    await openRow("7c1e");
    expect(one("card-problem").textContent).toContain("needs a connection");
    expect(card()).toContain("Connected");
  });

  it("tries again when asked, where the desk did not answer", async () => {
    const person = vi.fn<(visitor: string) => Promise<never>>();
    person.mockRejectedValue({ code: "unreachable", message: "Nobody answers." });
    await show("scene=busy", (backend) => ({ ...backend, person }));
    await openRow("7c1e");
    expect(one("card-problem").textContent).toContain("Nobody answers.");
    document.querySelector<HTMLElement>("aside .again")?.click();
    await settle();
    expect(person).toHaveBeenCalledTimes(2);
  });

  it("names every control, with the form open", async () => {
    await show("scene=busy");
    await openRow("7c1e");
    await click("card-edit");
    expect(nameless()).toEqual([]);
  });
});
