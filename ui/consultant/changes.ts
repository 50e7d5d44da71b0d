// How things stand becomes events, where it differs from what was told last.
//
// What must always hold: a getter agrees with the last event about the same; each change is told once.
import type { Message } from "../generated/Message";
import { NO_FACE } from "./constants";
import type { Mirror } from "./mirror";

/** Tells an event; `payload` makes a copy for each handler. */
export type TellEvent = (name: string, payload: () => unknown) => void;

/** One thing that is told when it differs. */
interface Aspect {
  /** What it is now, comparable; `""`: nothing. */
  of(mirror: Mirror): string;
  tell(mirror: Mirror, tell: TellEvent): void;
  /** After a start it is told again where it is something. */
  again?: true;
}

/** The invitation that waits for its answer. */
export function invitation({ present }: Mirror): Message | null {
  return present.state === "invite" ? present.invite : null;
}

/** In the order in which they are told. */
const ASPECTS: readonly Aspect[] = [
  {
    of: ({ connection }) => connection.phase,
    tell(mirror, tell) {
      const { online, connection } = mirror;
      const { phase } = connection;
      const since = Math.floor(connection.since / 1000);
      tell("connectionchange", () => ({ online, since, phase }));
    },
  },
  {
    of: ({ available }) => String(available),
    tell({ available }, tell) {
      tell("chatavailabilitychange", () => available);
    },
  },
  {
    of: ({ state }) => state,
    tell({ state }, tell) {
      tell("statechange", () => state);
    },
  },
  {
    of: ({ operator }) => operator?.id ?? "",
    tell({ operator }, tell) {
      if (!operator) {
        tell("operatorleave", () => ({ name: null, position: null, avatar: null }));
        return;
      }
      const { name, position } = operator;
      tell("operatorjoined", () => ({ name, position, avatar: NO_FACE }));
    },
  },
  {
    again: true,
    // A site that lets nobody be rated says so in its settings; what a desk still tells of a mark then counts nothing.
    of: ({ present: { rating }, form }) =>
      rating && form?.rating !== false ? `${rating.chat_id} ${String(rating.mark)}` : "",
    tell({ present: { rating } }, tell) {
      const mark = rating?.mark ?? null;
      if (rating) tell("ratingchange", () => mark);
    },
  },
  {
    again: true,
    of: ({ present }) => present.retention ?? "",
    tell({ present: { retention } }, tell) {
      if (!retention) return;
      tell("showchatretentionaction", () => ({ alternate_communication_way: retention }));
    },
  },
];

/** Tells changes. */
export class Changes {
  readonly #mirror: Mirror;
  readonly #tell: TellEvent;
  readonly #invite: (invite: Message) => void;
  readonly #told: string[];
  #invited: string | null = null;

  /** `invite`: tells of an invitation. */
  constructor(mirror: Mirror, tell: TellEvent, invite: (invite: Message) => void) {
    this.#mirror = mirror;
    this.#tell = tell;
    this.#invite = invite;
    this.#told = ASPECTS.map((aspect) => (aspect.again ? "" : aspect.of(mirror)));
  }

  /** Controllers have run: what they cannot ask for is told. */
  open(): void {
    if (!this.#mirror.online) ASPECTS[0]?.tell(this.#mirror, this.#tell);
    this.announce();
  }

  /** What differs from what was told last. */
  announce(): void {
    ASPECTS.forEach((aspect, at) => {
      const now = aspect.of(this.#mirror);
      if (now === this.#told[at]) return;
      this.#told[at] = now;
      aspect.tell(this.#mirror, this.#tell);
    });
    const invite = invitation(this.#mirror);
    const key = invite?.key ?? null;
    if (key === this.#invited) return;
    this.#invited = key;
    if (invite) this.#invite(invite);
  }
}
