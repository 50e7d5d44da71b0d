// The two halves of linking a device: a code is made on the one, and typed in on the other.
import type { VisitorBackend } from "../backend/backend";
import { button, make } from "../consultant/elements";
import type { LinkCode } from "../generated/LinkCode";
import type { Say } from "./devicelist";
import type { DeviceTexts } from "./devicetexts";
import { isBusy, whileBusy } from "./parts";

/** Characters of a code that stand together. */
const GROUP = 4;

/** What both halves work with. */
export interface Linking {
  backend: VisitorBackend;
  texts: DeviceTexts;
  say: Say;
  sentence: (reason: unknown) => string;
  /** Ends what runs by itself once the panel is closed. */
  signal: AbortSignal;
}

/** The half that makes a code. */
export function codeMaker({ backend, texts: { t }, say, sentence, signal }: Linking): HTMLElement {
  const section = part(t("make_title"), t("make_lead"));
  const shown = make("div", "devices__shown");
  let timer: ReturnType<typeof setInterval> | undefined;
  signal.addEventListener("abort", () => clearInterval(timer));

  const show = (code: LinkCode): void => {
    const words = make("output", "devices__code selectable", grouped(code.code));
    words.dataset["test"] = "link-code";
    words.setAttribute("aria-label", t("code"));
    const left = make("p", "devices__note");
    left.dataset["test"] = "link-left";
    const copy = button("copy-code", "devices__button", t("copy"), () => {
      void navigator.clipboard.writeText(code.code).then(() => (copy.textContent = t("copied")));
    });
    shown.replaceChildren(words, left, copy);
    const count = (): void => {
      const seconds = Math.ceil((code.expires - Date.now()) / 1000);
      left.textContent = seconds > 0 ? t("left", { time: clock(seconds) }) : t("old");
      if (seconds > 0) return;
      clearInterval(timer);
      words.remove();
      copy.remove();
    };
    clearInterval(timer);
    timer = setInterval(count, 1000);
    count();
  };
  const ask = async (): Promise<void> => {
    try {
      show(await backend.linkCode());
    } catch (reason) {
      say(sentence(reason), "problem");
    }
  };
  const maker = button("make-code", "devices__button devices__button--main", t("make"), () => {
    if (isBusy(maker)) return;
    void whileBusy(maker, t("busy"), ask()).then(() => {
      if (shown.childElementCount === 0) return;
      maker.textContent = t("make_new");
      maker.scrollIntoView?.({ block: "nearest" });
    });
  });
  section.append(shown, maker);
  return section;
}

/** The half that takes a code. */
export function codeTaker({ backend, texts: { t }, say, sentence }: Linking): HTMLElement {
  // Folded: who looks at the list seldom means this, and it sets a conversation aside.
  const section = make("details", "devices__part");
  section.dataset["test"] = "enter";
  section.append(make("summary", "devices__title", t("enter_title")));
  section.append(make("p", "devices__note", t("enter_lead")));
  const form = make("form", "devices__form");
  const label = make("label", "devices__label", t("enter_label"));
  const input = make("input", "devices__input");
  Object.assign(input, { type: "text", autocomplete: "off", spellcheck: false, maxLength: 40 });
  input.dataset["test"] = "enter-code";
  label.append(input);
  const enter = make("button", "devices__button devices__button--main", t("enter"));
  enter.dataset["test"] = "link";
  const link = async (code: string): Promise<void> => {
    try {
      await backend.link(code);
      say(t("entered"), "done");
    } catch (reason) {
      say(sentence(reason), "problem");
      input.focus();
      input.select();
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isBusy(enter)) return;
    const code = bare(input.value);
    if (code !== "") return void whileBusy(enter, t("busy"), link(code));
    say(t("enter_empty"), "problem");
    input.focus();
  });
  form.append(label, make("p", "devices__warning", t("enter_warning")), enter);
  section.addEventListener("toggle", () => {
    if (!section.open) return;
    input.focus();
    enter.scrollIntoView?.({ block: "nearest" });
  });
  section.append(form);
  return section;
}

function part(title: string, lead: string): HTMLElement {
  const section = make("section", "devices__part");
  section.append(make("h3", "devices__title", title), make("p", "devices__note", lead));
  return section;
}

/** As it is easiest to read from one screen and type into another. */
function grouped(code: string): string {
  return (code.match(new RegExp(`.{1,${String(GROUP)}}`, "g")) ?? []).join(" ");
}

/** Without what people put between. */
function bare(code: string): string {
  return code.replace(/[\s-]/g, "").toUpperCase();
}

function clock(seconds: number): string {
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
}
