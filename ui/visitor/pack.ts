// The form of this page: the company's, or the page's own.
//
// What must always hold: whatever a pack does, the person has a form or reads in one sentence why not, and the default
// form is one button away; the page says that it is up, so that the app does not take it for one that hangs.
import type { VisitorBackend } from "../backend/backend";
import { CHAT } from "../consultant/controllers";
import type { WidgetsOptions } from "../consultant/options";
import type { LoadedPack, Runtime } from "../consultant/runtime";
import type { PackAnswer } from "../generated/PackAnswer";
import { choose, type Choice } from "./pack/answer";
import { followPack } from "./pack/change";
import { loadCompany } from "./pack/company";
import { DEFAULT_OPTIONS, loadDefaultForm, type DefaultStyle } from "./pack/default-form";
import { Flaws, isVaguer, type Flaw } from "./pack/flaws";
import { LATE_MS } from "./pack/late";
import { NoticePlace } from "./pack/notice";
import { pageTags, type Tags } from "./pack/tags";
import { adaptTheme } from "./pack/theme";
import { drawFormStopped, wishCompanyForm, wishDefaultForm } from "./stopped";

/** Milliseconds after which a frame is not waited for: a window that nobody sees paints none. */
const FRAME_MS = 1000;

/** What a form is opened in and with. */
export interface FormPage {
  body: HTMLElement;
  backend: VisitorBackend;
  runtime: Runtime;
  /** Those that the runtime was booted with. */
  options: WidgetsOptions;
  /** Which form is to run. */
  answer: Promise<PackAnswer>;
  style: DefaultStyle;
  tags?: Tags;
  lateMs?: number;
  loadDefault?: typeof loadDefaultForm;
  reload?: () => void;
}

/** Asks which form the page is to run; an app that cannot say it runs the page's own. */
export async function askForm(backend: VisitorBackend): Promise<PackAnswer> {
  try {
    return await backend.pack();
  } catch (reason) {
    console.error("Which form is to run?", reason);
    return { device: "desktop", pack: null, flaw: null };
  }
}

/** Opens the form; resolves once it was painted, or once the page says why it cannot run. */
export async function openForm(given: FormPage): Promise<void> {
  const page: Required<FormPage> = {
    tags: pageTags,
    lateMs: LATE_MS,
    loadDefault: loadDefaultForm,
    reload: () => location.reload(),
    ...given,
  };
  let isUp = false;
  followPack(page.runtime, () => isUp && !page.body.querySelector(".page-stopped"), page.reload);
  const answer = await page.answer;
  page.options.wanted = answer.device;
  await open(page, answer, choose(answer));
  isUp = true;
  await painted();
  page.backend.packUp();
}

async function open(page: Required<FormPage>, { device }: PackAnswer, choice: Choice): Promise<void> {
  switch (choice.form) {
    case "default":
      return openDefault(page, choice.instead);
    case "company":
      return openCompany(page, device, choice).catch((reason: unknown) => {
        // A form may break what the page itself stands on.
        console.error(reason);
        const flaw = { code: "pack_failed", message: page.runtime.texts.t("page.pack_failed") };
        return stop(page, choice.key, flaw);
      });
    case "none":
      return stop(page, choice.key, choice.flaw);
  }
}

type Instead = Extract<Choice, { form: "default" }>["instead"];

async function openDefault(page: Required<FormPage>, instead: Instead): Promise<void> {
  const { body, runtime, options, loadDefault, style, reload } = page;
  runtime.controllers.onFailure((name) => {
    if (name === CHAT) drawFormStopped(body, runtime.texts, instead ? { key: instead.key } : {}, reload);
  });
  options.apply(DEFAULT_OPTIONS);
  const form = await loadDefault();
  await Promise.all([style.loaded, runtime.settled()]);
  runtime.start(form);
  if (instead) sayInstead(page, instead);
}

async function openCompany(
  page: Required<FormPage>,
  device: PackAnswer["device"],
  { key, pack }: Extract<Choice, { form: "company" }>,
): Promise<void> {
  const { runtime, options, tags, lateMs, loadDefault } = page;
  const { controllers } = runtime;
  const flaws = new Flaws(pack.base);
  flaws.listen(window);
  const brought = { tags, flaws, lateMs, loadDefault: () => loadDefault(true) };
  const loading = { pack, device, options, controllers, ...brought };
  const loaded = await loadCompany(loading);
  if ("stop" in loaded) return stop(page, key, loaded.stop);
  await Promise.all([loaded.isBeside ? page.style.loaded : null, runtime.settled()]);
  if (loaded.isBeside) {
    if (controllers.has("sitephone")) page.body.classList.add("desk-beside");
  } else {
    page.style.remove();
    adaptTheme(document, pack.base);
  }
  const cause = start(page, loaded.form, flaws);
  if (cause) return stop(page, key, cause, true);
  const place = placeOf(page);
  let told: Flaw | null = null;
  let before = Promise.resolve();
  // One after the other: the first is what is told, and where it happened, if that is known of a later one alone.
  const say = (flaw: Flaw): void => {
    const isTold = !told || isVaguer(told, flaw);
    const words = sentenceOf(page, flaw);
    void words.then((said) => console.error(`[CallGear] ${said}`));
    if (!isTold) return;
    told = flaw;
    before = before.then(async () => tell(page, place, key, await words));
  };
  flaws.found.forEach(say);
  flaws.onFound(say);
  await painted();
  flaws.up();
}

/** Runs the controllers; why the chat's did not start, if it did not. */
function start({ runtime }: Required<FormPage>, form: LoadedPack, flaws: Flaws): Flaw | null {
  let cause: Flaw | null = null;
  runtime.controllers.onFailure((name, problem) => {
    if (name === CHAT) cause ??= flaws.cause(problem, runtime.controllers.has(CHAT));
    else flaws.thrown(problem);
  });
  runtime.start(form);
  return cause;
}

/** Says why there is no form. What the desk tells is followed even so: the strip goes on being true. */
async function stop(page: Required<FormPage>, key: string, flaw: Flaw, isStarted = false): Promise<void> {
  if (!isStarted) page.runtime.session.start();
  const sentence = await sentenceOf(page, flaw);
  console.error(`[CallGear] ${sentence}`);
  drawFormStopped(page.body, page.runtime.texts, { key, sentence }, page.reload);
}

/** One sentence, with the file and the line. */
async function sentenceOf({ backend }: Required<FormPage>, flaw: Flaw): Promise<string> {
  if ("code" in flaw) return flaw.message;
  const problem = await backend.packFlaw(flaw).catch((reason: unknown) => console.error(reason));
  return problem?.message ?? "";
}

function placeOf({ body, runtime }: Required<FormPage>): NoticePlace {
  const place = new NoticePlace(runtime.texts);
  const strip = body.querySelector(".desk-strip__step");
  if (strip) strip.after(place.element);
  else body.prepend(place.element);
  return place;
}

/** The form goes on without what it lacks. */
function tell(page: Required<FormPage>, place: NoticePlace, key: string, words: string): void {
  const act = (): void => {
    wishDefaultForm(key);
    page.reload();
  };
  const action = { test: "default-form", words: page.runtime.texts.t("page.default_form"), act };
  // One that follows is of the same thing, and says where.
  if (words) place.instead({ key, words, action });
}

/**
 * The default form runs in place of the company's: the way back. There is none to a form that ended with its page: the
 * app does not run it again before it is another one.
 */
function sayInstead(page: Required<FormPage>, { key, why }: NonNullable<Instead>): void {
  const { t } = page.runtime.texts;
  const place = placeOf(page);
  if (why) return place.say({ key, words: why.message });
  const act = (): void => {
    wishCompanyForm();
    page.reload();
  };
  const action = { test: "company-form", words: t("page.company_form"), act };
  place.say({ key: `back/${key}`, words: t("page.default_in_use"), action });
}

function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, FRAME_MS);
  });
}
