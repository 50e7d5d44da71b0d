import { describe, expect, it } from "vitest";
import { ANNA, aRequest } from "./operator-fixtures";
import {
  isDue,
  requestContacts,
  requestGroup,
  requestList,
  requestMoment,
  requestName,
  requestWords,
} from "./operator-requests";

const call = (at: number | null) => ({ type: "callback", name: "", phone: "112-345", group: 2, at }) as const;

describe("requests", () => {
  it("stand with the longest wait first and what is done last", () => {
    const lines = [
      aRequest("new", { date: 3 }),
      aRequest("done", { date: 1, done_by: ANNA }),
      aRequest("old", { date: 1 }),
      aRequest("done later", { date: 2, done_by: ANNA }),
    ];
    const ids = (filter: "open" | "all") => requestList(lines, filter).map(({ id }) => id);
    expect(ids("open")).toEqual(["old", "new"]);
    expect(ids("all")).toEqual(["old", "new", "done later", "done"]);
    expect(requestList([], "all")).toEqual([]);
  });

  it("have the name that the visitor wrote, or the one that is known", () => {
    expect(requestName(aRequest("r", { visitor_name: "Ann" }))).toBe("Ann");
    const body = { type: "lead", form: "personal_form", fields: { name: " Bob " } } as const;
    expect(requestName(aRequest("r", { visitor_name: "Ann", body }))).toBe("Bob");
    expect(requestName(aRequest("r"))).toBeNull();
  });

  it("show contacts and words apart, and no empty ones", () => {
    const lead = {
      type: "lead",
      form: "personal_form",
      fields: { name: "Bob", phone: "112-345", email: "", Room: "Kitchen", Why: " " },
    } as const;
    expect(requestContacts(lead)).toEqual(["112-345"]);
    expect(requestWords(lead)).toEqual([["Room", "Kitchen"]]);
    expect([requestContacts(call(null)), requestWords(call(null))]).toEqual([["112-345"], []]);
    const { body } = aRequest("Words");
    expect([requestContacts(body), requestWords(body)]).toEqual([[], [["text", "Words"]]]);
    expect([requestGroup(call(1)), requestGroup(lead)]).toEqual([2, null]);
  });

  it("a lead form's group and moment are what they are in other requests, and no words", () => {
    const fields = {
      phone: "112-345",
      group_id: "2",
      delayed_call_day: "tomorrow",
      delayed_call_time: "600000",
    };
    const lead = { type: "lead", form: "call_generator", fields } as const;
    expect([requestGroup(lead), requestMoment(lead), requestWords(lead)]).toEqual([2, 600_000, []]);
    const line = aRequest("r", { body: lead });
    expect([4, 5].map((minute) => isDue(line, minute * 60_000))).toEqual([false, true]);
    const others = {
      ...lead,
      fields: { group_id: "sales", delayed_call_time: "", delayed_call_day: "soon" },
    };
    expect([requestGroup(others), requestMoment(others)]).toEqual([null, null]);
    expect(requestWords(others)).toEqual([
      ["group_id", "sales"],
      ["delayed_call_day", "soon"],
    ]);
  });

  it("a call is due from five minutes before its time, until it is done", () => {
    const line = aRequest("r", { body: call(10 * 60_000) });
    expect([4, 5, 60].map((minute) => isDue(line, minute * 60_000))).toEqual([false, true, true]);
    expect(isDue({ ...line, done_by: ANNA }, 99 * 60_000)).toBe(false);
    expect(isDue(aRequest("r", { body: call(null) }), 99 * 60_000)).toBe(false);
  });
});
