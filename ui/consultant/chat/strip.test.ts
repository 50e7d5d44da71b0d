// The strip above whatever form a pack draws: what no form has said is said there.
import { expect, test } from "vitest";
import { drawStrip } from "../strip";
import { EVENTS, everyTest, page, stage } from "./page";

everyTest();

function said(): string[] {
  return [...document.querySelectorAll(".desk-strip__row--unheard .desk-strip__words")].map(
    (row) => row.textContent,
  );
}

test("error that no controller listens to is said in the strip until it is put away", async () => {
  const { session } = await page({ heard: EVENTS.filter((event) => event !== "error") });
  drawStrip(document.body, session);
  stage.chat.sendChatMessage("hello", "nobody's group");
  await Promise.resolve();
  expect(said()).toEqual(["This group is not there any more. Please choose another."]);
  document.querySelector<HTMLElement>('[data-test="dismiss"]')?.click();
  expect(said()).toEqual([]);
});

test("error that a controller listens to is its own to say", async () => {
  const { session } = await page();
  drawStrip(document.body, session);
  stage.chat.sendChatMessage("hello", "nobody's group");
  await Promise.resolve();
  expect(said()).toEqual([]);
});
