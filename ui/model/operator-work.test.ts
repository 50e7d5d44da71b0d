import { beforeEach, describe, expect, it, vi, type Mock } from "vitest";
import type { OperatorBackend } from "../backend/backend";
import type { Detail } from "../generated/Detail";
import type { Message } from "../generated/Message";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { OperatorWish } from "../generated/OperatorWish";
import type { PersonCard } from "../generated/PersonCard";
import {
  ANNA,
  JULIA,
  aBoot,
  aConversation,
  aLine,
  aPerson,
  aRequest,
  aRow,
  aSite,
} from "./operator-fixtures";
import { groupName } from "./operator";
import { Workplace } from "./operator-workplace";

type Verbs = Omit<OperatorBackend, "files">;
type Fake = { [Verb in keyof Verbs]: Mock<Verbs[Verb]> } & Pick<OperatorBackend, "files">;

let backend: Fake;
let tell: (update: OperatorUpdate) => void;
let workplace: Workplace;

const settle = () => new Promise((next) => setTimeout(next));
const refused = { code: "offline", message: "No connection." };
const line = (kind: Message["kind"], detail: Detail | null, more: Partial<Message> = {}): OperatorUpdate => ({
  type: "message",
  visitor: "a",
  message: aLine(20, { kind, text: "", sender: "system", chat_id: "chat", detail, ...more }),
});
const card = () => workplace.state.person?.card;

beforeEach(async () => {
  const done = async () => Promise.resolve();
  const answers: Verbs = {
    boot: async (listener) => {
      tell = listener;
      const requests = [aRequest("r1"), aRequest("r2")];
      return Promise.resolve(aBoot([aRow("a"), aRow("b")], { site: aSite(), requests, open_requests: 7 }));
    },
    setup: done,
    signIn: done,
    signOut: done,
    setOnline: done,
    open: async (visitor) => Promise.resolve(aConversation(visitor, [aLine(11)])),
    history: async () => Promise.resolve({ messages: [], more: false }),
    send: async () => Promise.resolve(aLine(12)),
    closeChat: done,
    want: done,
    person: async (visitor) => Promise.resolve(aPerson(visitor)),
    saveSite: done,
    setGroups: done,
    testMail: done,
    setPassword: done,
    typing: done,
    read: done,
    inView: done,
    resend: done,
    discard: done,
    reconnect: done,
    settings: done,
  };
  backend = Object.fromEntries(
    Object.entries(answers).map(([verb, answer]) => [verb, vi.fn(answer as () => Promise<never>)]),
  ) as unknown as Fake;
  workplace = await Workplace.start(backend);
});

describe("wishes", () => {
  const wishes: OperatorWish[] = [
    { type: "invite", text: "Hello?" },
    { type: "withdraw" },
    { type: "join" },
    { type: "leave" },
    { type: "move", group: 2 },
    { type: "move", group: null },
    { type: "card", name: "Ann", emails: ["ann@example.test"], phones: [] },
    { type: "settle", request: "r1", done: true },
    { type: "ban", banned: true },
  ];
  it.each(wishes)("$type goes to the desk as it is, for the visitor who is meant", async (wish) => {
    expect(await workplace.want("a", wish)).toBe(true);
    expect(backend.want.mock.calls).toEqual([["a", wish]]);
    expect(workplace.state.troubles).toEqual([]);
  });

  it("that could not be kept are told of", async () => {
    backend.want.mockRejectedValueOnce(refused);
    expect(await workplace.want("a", { type: "join" })).toBe(false);
    expect(workplace.state.troubles).toEqual([refused]);
  });

  it("that the desk refuses later are told of", () => {
    tell({ type: "error", problem: { code: "stale", message: "Too late." } });
    expect(workplace.state.troubles).toEqual([{ code: "stale", message: "Too late." }]);
  });

  it("invite: the words stay in the draft until they are kept", async () => {
    workplace.note("a", "Hello?");
    backend.want.mockRejectedValueOnce(refused);
    expect(await workplace.invite("a", "Hello?")).toBe(false);
    expect(workplace.draft("a")).toBe("Hello?");
    expect(await workplace.invite("a", "Hello?")).toBe(true);
    expect(workplace.draft("a")).toBe("");
  });

  it("invite: nobody is told that words are being written", async () => {
    await workplace.open("a");
    workplace.note("a", "Hel");
    expect(backend.typing).not.toHaveBeenCalled();
  });
});

describe("the card", () => {
  it("is asked for when a conversation opens, and gone when none is", async () => {
    await workplace.open("a");
    expect(workplace.state.person).toMatchObject({ visitor: "a", loading: false, problem: null });
    workplace.leave();
    expect(workplace.state.person).toBeNull();
  });

  it("says why there is none, and comes when the connection is back", async () => {
    backend.person.mockRejectedValueOnce(refused);
    const connection = { since: 0, code: null, sentence: null };
    tell({ type: "connection", connection: { ...connection, phase: "offline" } });
    await workplace.open("a");
    expect(workplace.state.person).toMatchObject({ card: null, problem: refused });
    tell({ type: "connection", connection: { ...connection, phase: "online" } });
    await settle();
    expect(card()?.visitor).toBe("a");
  });

  it("of the visitor that was asked for last is shown, whichever answer comes last", async () => {
    let late: (card: PersonCard) => void = () => undefined;
    backend.person.mockReturnValueOnce(new Promise((answer) => (late = answer)));
    const first = workplace.open("a");
    await workplace.open("b");
    late(aPerson("a"));
    await first;
    expect(workplace.state.person?.visitor).toBe("b");
  });

  it("follows the lines: card, consent, ban", async () => {
    await workplace.open("a");
    const ann = { name: "Ann", emails: ["ann@example.test"], phones: [] };
    tell(line("card", { type: "card", card: ann }));
    tell(line("consented", { type: "consented", version: 4 }));
    tell(line("banned", { type: "banned", banned: true }));
    expect(card()).toMatchObject({ card: ann, consented: 4, banned: true });
    tell(line("banned", { type: "banned", banned: false }));
    expect(card()?.banned).toBe(false);
    expect(backend.person).toHaveBeenCalledTimes(1);
  });

  it("setrating: one mark per chat and operator, changed and taken back at once", async () => {
    await workplace.open("a");
    backend.person.mockReturnValue(new Promise(() => undefined));
    const rate = (mark: number | null, operator = ANNA) =>
      tell(line("rated", { type: "rated", mark }, { operator }));
    const marks = () => card()?.ratings.map(({ mark, operator }) => [operator.id, mark]);
    rate(3);
    rate(5);
    rate(1, JULIA);
    expect(marks()).toEqual([
      ["julia", 1],
      ["anna", 5],
    ]);
    tell(line("rated", { type: "rated", mark: 2 }, { operator: ANNA, chat_id: "another" }));
    expect(marks()?.[0]).toEqual(["anna", 2]);
    rate(null);
    expect(marks()).toEqual([
      ["anna", 2],
      ["julia", 1],
    ]);
  });

  it("asks again for what only the desk counts, and for another visitor's lines never", async () => {
    await workplace.open("a");
    tell(line("opened", null));
    await settle();
    expect(backend.person).toHaveBeenCalledTimes(2);
    tell({ ...line("opened", null), visitor: "b" } as OperatorUpdate);
    await settle();
    expect(backend.person).toHaveBeenCalledTimes(2);
  });
});

describe("the site and the requests", () => {
  it("are there from the boot and follow their updates", () => {
    expect([...workplace.state.requests.keys()]).toEqual(["r1", "r2"]);
    expect(workplace.state.openRequests).toBe(7);
    const site = aSite(2);
    site.settings.form.groups = [{ id: 3, name: "Sales" }];
    tell({ type: "site", site });
    expect(groupName(workplace.state.site, 3)).toBe("Sales");
    expect([groupName(workplace.state.site, 4), groupName(workplace.state.site, null)]).toEqual([null, null]);
    const rows = [aRequest("r2", { done_by: ANNA }), aRequest("r3")];
    tell({ type: "requests", whole: false, rows, gone: ["r1"], open: 8 });
    expect([...workplace.state.requests.values()].map(({ id, done_by: by }) => [id, by?.id])).toEqual([
      ["r2", "anna"],
      ["r3", undefined],
    ]);
    expect(workplace.state.openRequests).toBe(8);
    tell({ type: "requests", whole: true, rows: [aRequest("r9")], gone: [], open: 1 });
    expect([...workplace.state.requests.keys()]).toEqual(["r9"]);
  });

  it("leave the screen when nobody is signed in", async () => {
    await workplace.open("a");
    tell({ type: "phase", phase: "sign_in", operator: null, online: false, problem: null });
    expect(workplace.state).toMatchObject({ site: null, person: null, openRequests: 0 });
    expect(workplace.state.requests.size).toBe(0);
  });

  it("saving, seating and trying the mail answer with the problem or with none", async () => {
    const { settings } = aSite();
    expect(await workplace.site.saveSite(settings)).toBeNull();
    expect(await workplace.site.setGroups("anna", [1])).toBeNull();
    expect(await workplace.site.testMail("ann@example.test")).toBeNull();
    backend.saveSite.mockRejectedValueOnce(refused);
    backend.setGroups.mockRejectedValueOnce(refused);
    backend.testMail.mockRejectedValueOnce(refused);
    expect(await workplace.site.saveSite(settings)).toEqual(refused);
    expect(await workplace.site.setGroups("anna", [])).toEqual(refused);
    expect(await workplace.site.testMail("ann@example.test")).toEqual(refused);
    expect(workplace.state.troubles).toEqual([]);
  });
});
