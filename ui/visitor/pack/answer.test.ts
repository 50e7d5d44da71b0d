// Which form a page runs.
import { beforeEach, expect, test } from "vitest";
import type { PackAnswer } from "../../generated/PackAnswer";
import { wishCompanyForm, wishDefaultForm } from "../stopped";
import { choose } from "./answer";
import { packBoot } from "./fixtures";

const answer = (fields: Partial<PackAnswer>): PackAnswer => ({
  device: "desktop",
  pack: null,
  flaw: null,
  ...fields,
});
const flaw = { code: "pack_json", message: "It cannot be read (settings.json, line 2)." };

beforeEach(() => sessionStorage.clear());

test("without a pack it is the page's own, and nothing is said", () => {
  expect(choose(answer({}))).toEqual({ form: "default", instead: null });
});

test("the company's, unless the person wants the default form in this window; another pack is tried again", () => {
  const pack = packBoot();
  const company = { form: "company", key: "d1", pack };
  expect(choose(answer({ pack }))).toEqual(company);
  wishDefaultForm("d1");
  expect(choose(answer({ pack }))).toEqual({ form: "default", instead: { key: "d1", why: null } });
  expect(choose(answer({ pack: packBoot({ digest: "d2" }) }))).toMatchObject({ form: "company", key: "d2" });
  wishCompanyForm();
  expect(choose(answer({ pack }))).toEqual(company);
});

test("a pack that cannot be read is a sentence, and the default form where the person wants it", () => {
  expect(choose(answer({ flaw }))).toEqual({ form: "none", key: flaw.message, flaw });
  wishDefaultForm(flaw.message);
  expect(choose(answer({ flaw }))).toEqual({ form: "default", instead: { key: flaw.message, why: null } });
});

test.each([["pack_hangs"], ["pack_crashed"]])(
  "after %s the person goes on at once in the default form",
  (code) => {
    const gone = { code, message: "The chat form did not answer." };
    expect(choose(answer({ flaw: gone }))).toEqual({
      form: "default",
      instead: { key: gone.message, why: gone },
    });
  },
);
