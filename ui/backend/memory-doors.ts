// What comes in from outside, without an app: `?screen=asked&link=good|bad&now=hosted`, `?company=straight|damaged`.
import type { Asked } from "../generated/Asked";
import type { Company } from "../generated/Company";
import type { DeskPlace } from "../generated/DeskPlace";
import type { AppBackend } from "./backend";

const PIN = "0f".repeat(32);
/** Where the desk is that the app in memory speaks of. */
export const MEMORY_LINK = `deskbell://join?host=desk.acme-furniture.example:7717&pin=${PIN}&site=shop`;
const THERE: DeskPlace = {
  link: MEMORY_LINK,
  address: "desk.acme-furniture.example:7717",
  site: "shop",
  proof: "key",
};
const HERE: DeskPlace = {
  link: "deskbell://join?host=desk.example:7717&site=main",
  address: "desk.example:7717",
  site: null,
  proof: "authority",
};

/** The verbs about links: every link leads to the same desk. */
export function memoryDoors(ru: boolean): Pick<AppBackend, "readDesk" | "answerLink"> {
  const shape = ru
    ? "Это не ссылка deskbell:// и не адрес вида desk.example:7717."
    : "This is neither a deskbell:// link nor an address such as desk.example:7717.";
  return {
    readDesk: async (address) => {
      if (address.includes(" ")) throw Object.assign(new Error(shape), { code: "link_shape" });
      return Promise.resolve(address.startsWith("deskbell:") ? THERE : { ...HERE, address });
    },
    answerLink: async () => new Promise((done) => setTimeout(done, 400)),
  };
}

/** The link that was opened, as the query says. */
export function memoryAsked(query: URLSearchParams): Asked | null {
  const link = query.get("link");
  if (link === null) return null;
  const ru = query.get("lang") === "ru";
  const wrong = ru
    ? "В ссылке есть части, которых в ссылках Deskbell не бывает, поэтому она не использована. Попросите её ещё раз."
    : "This link has parts that no Deskbell link has, so it was not used. Please ask for it again.";
  const runs = query.get("screen") === "asked";
  return {
    desk: link === "bad" ? null : THERE,
    problem: link === "bad" ? { code: "link_parts", message: wrong } : null,
    now: runs ? HERE : null,
    may_leave: query.get("now") !== "hosted",
  };
}

/** The company that ships the program, as the query says. */
export function memoryCompany(query: URLSearchParams): Company | null {
  const company = query.get("company");
  if (company === null) return null;
  const damaged = company === "damaged";
  const ru = query.get("lang") === "ru";
  const wrong = ru
    ? "Файл компании /etc/deskbell/site.json повреждён: не читается начиная со строки 3, столбца 1. Deskbell работает без него."
    : "The company’s file /etc/deskbell/site.json is damaged: it cannot be read from line 3, column 1 on. Deskbell goes on without it.";
  return {
    name: damaged ? null : "Acme Furniture",
    desk: damaged ? null : THERE,
    straight: company === "straight",
    colors: damaged ? null : ["#0a5fb4", "#2f7fd0"],
    problem: damaged ? { code: "site_file_json", message: wrong } : null,
  };
}
