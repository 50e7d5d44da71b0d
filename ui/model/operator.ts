// The operator's mirror: what the workplace knows, and how each update changes it. Pure: nothing here calls the
// backend or reads a clock. Every change makes a new state, so a page may compare by identity.
import type { Connection } from "../generated/Connection";
import type { Hosting } from "../generated/Hosting";
import type { Locale } from "../generated/Locale";
import type { Operator } from "../generated/Operator";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { OperatorPhase } from "../generated/OperatorPhase";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { Problem } from "../generated/Problem";
import type { RequestLine } from "../generated/RequestLine";
import type { SiteView } from "../generated/SiteView";
import type { VisitorListRow } from "../generated/VisitorListRow";
import type { Change, OpenConversation } from "./operator-conversation";
import {
  told,
  withFile,
  withMessage,
  withOlderHere,
  withReceipts,
  withStatus,
  withTyping,
} from "./operator-conversation";
import { NO_FILES, withStaged, type FilesState } from "./operator-files";
import { personAfter, type OpenPerson } from "./operator-person";

/** All that the operator's page shows. */
export interface OperatorState {
  readonly phase: OperatorPhase;
  readonly locale: Locale;
  readonly operator: Operator | null;
  readonly online: boolean;
  readonly connection: Connection;
  readonly desk: string;
  readonly hosting: Hosting | null;
  readonly sessionOnly: boolean;
  readonly rows: ReadonlyMap<string, VisitorListRow>;
  /** How many visitors the desk knows; the rows may be fewer. */
  readonly total: number;
  readonly open: OpenConversation | null;
  /** What is known of the open conversation's visitor beside the row. */
  readonly person: OpenPerson | null;
  /** The site; `null` until the desk has said it. */
  readonly site: SiteView | null;
  /** What visitors left to be worked off, by id. */
  readonly requests: ReadonlyMap<string, RequestLine>;
  /** What is chosen and not sent yet. */
  readonly files: FilesState;
  /** How many of them are open on the desk; the lines may be fewer. */
  readonly openRequests: number;
  /** Why setting up or signing in failed, or why being signed in is over. */
  readonly refusal: Problem | null;
  /** What went wrong and belongs to no control; newest last. */
  readonly troubles: readonly Problem[];
}

/** The state that a boot describes. */
export function fromBoot(boot: OperatorBoot): OperatorState {
  return {
    phase: boot.phase,
    locale: boot.locale,
    operator: boot.operator,
    online: boot.online,
    connection: boot.connection,
    desk: boot.desk,
    hosting: boot.hosting,
    sessionOnly: boot.session_only,
    rows: rowsById(new Map(), boot.rows, []),
    total: boot.total,
    open: null,
    person: null,
    site: boot.site,
    requests: new Map(boot.requests.map((line) => [line.id, line])),
    files: NO_FILES,
    openRequests: boot.open_requests,
    refusal: null,
    troubles: [],
  };
}

/** The state after an update. `changed` and `summon` alter nothing here: whoever holds the backend opens the
 * conversation. */
export function applyUpdate(state: OperatorState, update: OperatorUpdate): OperatorState {
  switch (update.type) {
    case "connection":
      return withConnection(state, update.connection);
    case "phase":
      return withPhase(state, update);
    case "rows":
      return withRows(state, update);
    case "message":
      return withLine(state, update);
    case "changed":
    case "summon":
      return state;
    case "staged":
      return { ...state, files: withStaged(state.files, update.visitor, update.files) };
    case "dragging":
      return { ...state, files: { ...state.files, dragging: update.over } };
    case "file":
      return withNews(state, update.visitor, (open) => withFile(open, update.news.file));
    case "older":
      return withNews(state, update.visitor, withOlderHere);
    case "status":
      return withNews(state, update.visitor, (open) => withStatus(open, update.change));
    case "receipts":
      return withNews(state, update.visitor, (open) => withReceipts(open, update.receipts));
    case "typing":
      return withNews(state, update.visitor, (open) => withTyping(open, update.text));
    case "site":
      return { ...state, site: update.site };
    case "requests":
      return withRequests(state, update);
    case "error":
      return withTrouble(state, update.problem);
  }
}

/** Changes the open conversation if it is this visitor's. */
export function withOpen(state: OperatorState, visitor: string, change: Change): OperatorState {
  if (state.open?.visitor !== visitor) return state;
  const open = change(state.open);
  return open === state.open ? state : { ...state, open };
}

/** The same with what the backend tells, or answers to something else than the opening. */
export function withNews(state: OperatorState, visitor: string, change: Change): OperatorState {
  return withOpen(state, visitor, (open) => told(open, change));
}

/** Adds a trouble; one of a code is enough, and the newest words win. */
export function withTrouble(state: OperatorState, problem: Problem): OperatorState {
  const others = state.troubles.filter((known) => known.code !== problem.code);
  return { ...state, troubles: [...others, problem].slice(-3) };
}

/** What a group is called; `null` for everybody, and for one that the site no longer has. */
export function groupName(site: SiteView | null, group: number | null): string | null {
  return site?.settings.form.groups.find(({ id }) => id === group)?.name ?? null;
}

/** Does the desk at this address (`127.0.0.1:7717`, `[::1]:7717`) answer on its own computer alone? */
export function isLocal(address: string): boolean {
  return /^(127\.|localhost(:|$)|\[?::1\]?(:|$))/u.test(address);
}

/** What is left of the desk when nobody is signed in. */
const NOTHING = {
  rows: new Map(),
  total: 0,
  open: null,
  person: null,
  site: null,
  requests: new Map(),
  files: NO_FILES,
  openRequests: 0,
} satisfies Partial<OperatorState>;

const typesNoMore: Change = (open) => withTyping(open, null);

/** Over a line that is gone nobody is heard typing. */
function withConnection(state: OperatorState, connection: Connection): OperatorState {
  const open = state.open && connection.phase !== "online" ? told(state.open, typesNoMore) : state.open;
  return { ...state, connection, open };
}

function withLine(state: OperatorState, update: OperatorUpdate & { type: "message" }): OperatorState {
  const next = withNews(state, update.visitor, (open) => withMessage(open, update.message));
  const person = personAfter(next.person, update.visitor, update.message);
  return person === next.person ? next : { ...next, person };
}

function withRequests(state: OperatorState, update: OperatorUpdate & { type: "requests" }): OperatorState {
  const requests = new Map(update.whole ? [] : state.requests);
  for (const id of update.gone) requests.delete(id);
  for (const line of update.rows) requests.set(line.id, line);
  return { ...state, requests, openRequests: update.open };
}

function withRows(state: OperatorState, update: OperatorUpdate & { type: "rows" }): OperatorState {
  const rows = rowsById(update.whole ? new Map() : state.rows, update.rows, update.gone);
  const next = { ...state, rows, total: update.total };
  const { open } = state;
  const isHeard = open === null || (rows.get(open.visitor)?.connected ?? true);
  return isHeard ? next : { ...next, open: told(open, typesNoMore) };
}

function withPhase(state: OperatorState, update: OperatorUpdate & { type: "phase" }): OperatorState {
  const next = {
    ...state,
    phase: update.phase,
    operator: update.operator,
    online: update.online,
    refusal: update.problem,
  };
  // Signed out: nothing of the desk stays on the screen.
  return update.phase === "ready" ? next : { ...next, ...NOTHING };
}

function rowsById(
  known: ReadonlyMap<string, VisitorListRow>,
  rows: readonly VisitorListRow[],
  gone: readonly string[],
): ReadonlyMap<string, VisitorListRow> {
  const next = new Map(known);
  for (const visitor of gone) next.delete(visitor);
  for (const row of rows) next.set(row.visitor, row);
  return next;
}
