// The visitor's page: the session, the strip above the form, and the pack's form.
import "../look/tokens.css";
import "../consultant/runtime.css";
import "./page.css";
import type { VisitorBackend } from "../backend/backend";
import { tauriVisitor } from "../backend/tauri";
import type { PackWindow } from "../consultant/global";
import { WidgetsOptions } from "../consultant/options";
import { bootRuntime } from "../consultant/runtime";
import { drawStrip } from "../consultant/strip";
import { loadTexts } from "../consultant/texts";
import type { Locale } from "../generated/Locale";
import { whileWaiting } from "../look/waiting";
import { asProblem } from "../model/problem";
import { FileDoor } from "./files";
import { drawMenu } from "./menu";
import { askForm, openForm } from "./pack";
import { loadDefaultStyle } from "./pack/default-form";
import { playOwnSounds } from "./sound";
import { Summons } from "./summon";

/** `vite build --mode memory` makes a page that a browser can show without the app; the product has none of it. */
async function chooseBackend(): Promise<VisitorBackend> {
  if (import.meta.env.MODE !== "memory") return tauriVisitor();
  const { demonstration } = await import("./demonstration");
  return demonstration(new URLSearchParams(location.search));
}

async function open(): Promise<void> {
  playOwnSounds();
  const style = loadDefaultStyle();
  const started = loadTexts(ownLocale()).then(({ t }) => whileWaiting(t("page.starting")));
  const backend = await chooseBackend();
  const summons = new Summons();
  summons.follow(backend);
  const door = new FileDoor();
  door.follow(backend);
  const options = new WidgetsOptions();
  const booted = bootRuntime(backend, window as PackWindow, options);
  const runtime = await booted.finally(() => started.then((over) => over()));
  document.title = runtime.texts.t("page.title");
  drawStrip(document.body, runtime.session);
  drawMenu(document.body, backend, runtime.locale, runtime.texts, () => door.choose());
  door.open(runtime);
  runtime.onStale(() => location.reload());
  // Not before the boot is over, for which the keyring may wait for the person: the app gives a form its time from here on.
  const answer = askForm(backend);
  await openForm({ body: document.body, backend, runtime, options, answer, style });
  summons.open();
}

/** The language before the app has told its own. */
function ownLocale(): Locale {
  return navigator.language.startsWith("ru") ? "ru" : "en";
}

/** The one sentence of a page that could not open. */
async function fail(reason: unknown): Promise<void> {
  console.error(reason);
  const { sentence } = await loadTexts(ownLocale());
  const { code, message } = asProblem(reason, "start_failed");
  const words = document.createElement("p");
  words.className = "page-problem";
  words.dataset["test"] = "page-problem";
  words.setAttribute("role", "alert");
  words.textContent = sentence(code, message);
  document.body.append(words);
}

open().catch(fail);
