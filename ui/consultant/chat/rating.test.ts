// setOperatorRating, setrating and ratingchange; showchatretentionaction.
import { describe, expect, test } from "vitest";
import { everyTest, named, names, page, stage, stands, wishes } from "./page";

everyTest();

const RATEABLE = { state: "chat", rating: { chat_id: "c", mark: null } } as const;

describe("setOperatorRating", () => {
  test("tells the new mark at once and clears it with null", async () => {
    await page({ boot: { present: RATEABLE } });
    stage.chat.setOperatorRating(4);
    await Promise.resolve();
    stage.desk.answer("setrating");
    stage.chat.setOperatorRating(null);
    await Promise.resolve();
    stage.desk.answer("setrating");
    expect(names()).toEqual(["ratingchange", "ratingchange", "setrating", "ratingchange", "setrating"]);
    expect(named("ratingchange")).toEqual([null, 4, null]);
    expect(wishes()).toEqual([
      { type: "rate", mark: 4 },
      { type: "rate", mark: null },
    ]);
  });

  test("a refusal brings the old mark back", async () => {
    await page({ boot: { present: { ...RATEABLE, rating: { chat_id: "c", mark: 2 } } } });
    stage.chat.setOperatorRating(5);
    await Promise.resolve();
    stage.desk.answer("setrating", { success: false, code: "rate", message: "Wait." });
    expect(named("ratingchange")).toEqual([2, 5, 2]);
    expect(names().at(-1)).toBe("setrating");
  });

  test.each([[0], [6], [2.5], ["3"], [NaN], [undefined], [{}], [true]])(
    "%j is no mark: setrating with a code and a sentence, and Rust is not asked",
    async (mark) => {
      await page({ boot: { present: RATEABLE } });
      stage.chat.setOperatorRating(mark);
      await Promise.resolve();
      expect(named("setrating")).toEqual([
        {
          success: false,
          code: "invalid_mark",
          info: { title: "The mark was not saved", message: "A mark is a whole number from 1 to 5." },
        },
      ]);
      expect([wishes(), named("ratingchange")]).toEqual([[], [null]]);
    },
  );
});

describe("ratingchange", () => {
  test("the next chat begins without a mark, whatever the last one got", async () => {
    await page({ boot: { present: { rating: { chat_id: "a", mark: null } } } });
    stands({ rating: { chat_id: "b", mark: null } });
    stands({ rating: null });
    expect(named("ratingchange")).toEqual([null, null]);
  });

  test("a mark from another device is told", async () => {
    await page({ boot: { present: RATEABLE } });
    stands({ rating: { chat_id: "c", mark: 1 } });
    expect(named("ratingchange")).toEqual([null, 1]);
  });
});

describe("showchatretentionaction", () => {
  test("is told again after a restart where it stands", async () => {
    await page({ boot: { present: { state: "chat", retention: "chat" } } });
    expect(named("showchatretentionaction")).toEqual([{ alternate_communication_way: "chat" }]);
  });
});
