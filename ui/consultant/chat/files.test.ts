// sendFile and isReadyForFileTransfer, until files can be sent.
import { describe, expect, test } from "vitest";
import { everyTest, named, page, stage } from "./page";

everyTest();

describe("sendFile", () => {
  test("refuses with a sentence; the input stays as it is, and nothing is sent", async () => {
    await page();
    const input = Object.assign(document.createElement("input"), { type: "file" });
    expect(stage.chat.sendFile(input)).toMatchObject({ sender: "visitor", status: "failed" });
    await Promise.resolve();
    expect(named("error")).toEqual([
      {
        code: "files_not_ready",
        message: "Files cannot be sent in this chat. What you chose is still here.",
      },
    ]);
    expect([stage.desk.calls, stage.chat.getState(), named("fileprogress")]).toEqual([[], "available", []]);
  });

  test("isReadyForFileTransfer says so before", async () => {
    await page();
    expect(stage.chat.isReadyForFileTransfer()).toBe(false);
  });
});
