// `printCurrentChat()`: the chat on paper, made of text nodes alone, with neither a window nor the pack's styles.
//
// What must always hold: on the screen nothing of it is seen (page.css), and what was said is text.
import type { Message } from "../generated/Message";
import type { Session } from "./session";

/** Pages of older lines that are read at most to find where the chat begins. */
const MOST_PAGES = 100;
const CLASS = "desk-print";

/** Prints the newest chat; where there is none, `error` says so. */
export function printChat(session: Session): void {
  const lines = currentChat(session);
  if (lines.length === 0) {
    session.teller.soon(() => session.teller.error("nothing_to_print"));
    return;
  }
  document.querySelector(`.${CLASS}`)?.remove();
  const paper = paperOf(lines, session);
  document.body.append(paper);
  window.addEventListener("afterprint", () => paper.remove(), { once: true });
  window.print();
}

/** Its lines, oldest first: from where it was opened on. */
function currentChat(session: Session): Message[] {
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const lines = session.teller.talk();
    const opened = lines.findIndex((line) => line.kind === "opened");
    if (opened >= 0) return lines.slice(0, opened + 1).reverse();
    if (!session.older()) return lines.reverse();
  }
  return session.teller.talk().reverse();
}

function paperOf(lines: readonly Message[], { teller, texts, mirror }: Session): HTMLElement {
  const locale = document.documentElement.lang || "en";
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  const paper = part("section", "", null);
  paper.className = CLASS;
  paper.append(part("h1", mirror.form?.title || texts.t("page.title"), null));
  for (const line of lines) {
    const { text, date, sender, from, fx_name = "", fx_size_info } = teller.toMessage(line);
    const name = sender === "visitor" ? texts.t("print.you") : sender === "operator" ? from : "";
    const row = part("div", "", "row");
    row.append(part("time", moments.format(date * 1000), null));
    if (name) row.append(part("b", name, null));
    if (fx_name)
      row.append(part("p", texts.t("print.file", { name: fx_name, size: fx_size_info ?? "" }), "file"));
    if (text) row.append(part("p", text, null));
    paper.append(row);
  }
  return paper;
}

function part(tag: string, text: string, name: string | null): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = `${CLASS}__${name}`;
  element.dir = "auto";
  element.textContent = text;
  return element;
}
