// printCurrentChat.
import { describe, expect, test, vi } from "vitest";
import { memoryForm, memoryLine, memoryOperator } from "../../backend/memory";
import type { Message } from "../../generated/Message";
import { everyTest, named, page, stage } from "./page";

everyTest();

const EVIL = '<img src=x onerror="alert(1)">';

function said(seq: number, fields: Partial<Message>): Message {
  return memoryLine({ seq, message_id: `m-${String(seq)}`, ...fields });
}

function paper(): string[] {
  const rows = [...document.querySelectorAll(".desk-print__row")];
  return rows.map(
    (row) => `${row.querySelector("b")?.textContent ?? ""}: ${row.querySelector("p")?.textContent ?? ""}`,
  );
}

describe("printCurrentChat", () => {
  test("prints this chat alone, from where it was opened on, as text, and takes the paper away after it", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    await page({
      boot: {
        form: memoryForm({ title: "Northwind" }),
        messages: [
          said(2, { text: "yes", sender: "visitor" }),
          said(3, { text: EVIL, operator: memoryOperator("Anna") }),
        ],
        more: true,
      },
      archive: [said(0, { text: "long ago" }), said(1, { kind: "opened", sender: "system" })],
    });
    stage.chat.printCurrentChat();
    expect(print).toHaveBeenCalledOnce();
    expect(document.querySelector(".desk-print h1")?.textContent).toBe("Northwind");
    expect(paper()).toEqual([": Chat started", "You: yes", `Anna: ${EVIL}`]);
    expect(document.querySelector("img")).toBeNull();
    window.dispatchEvent(new Event("afterprint"));
    expect(paper()).toEqual([]);
  });

  test("says so where there is nothing to print", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    await page();
    stage.chat.printCurrentChat();
    await Promise.resolve();
    expect(print).not.toHaveBeenCalled();
    expect(named("error")).toEqual([
      { code: "nothing_to_print", message: "There is no conversation to print." },
    ]);
  });
});
