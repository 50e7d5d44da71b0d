// The panel of the visitor's devices: a dialog of the page's own, which no pack knows of. Loaded when it is first opened.
import "./devices.css";
import type { VisitorBackend } from "../backend/backend";
import { make } from "../consultant/elements";
import type { Locale } from "../generated/Locale";
import { asProblem } from "../model/problem";
import { codeMaker, codeTaker } from "./devicecode";
import { DeviceList, type Say } from "./devicelist";
import { deviceTexts } from "./devicetexts";
import { closeFromBehind, makePanel } from "./panel";

/** Milliseconds between two looks for devices while the panel is open. */
const LOOK_MS = 5000;

/** Opens it, if it is not open; whoever had the focus gets it back. */
export function openDevices(backend: VisitorBackend, locale: Locale): void {
  if (document.querySelector(".devices")) return;
  const texts = deviceTexts(locale);
  const { t } = texts;
  const end = new AbortController();
  const { dialog: panel, title } = makePanel("devices", "devices", t("title"), t("close"));

  const said = make("p", "devices__said");
  said.dataset["test"] = "devices-said";
  said.setAttribute("role", "status");
  const say: Say = (words, kind) => {
    said.textContent = words;
    said.dataset["kind"] = kind;
    said.scrollIntoView?.({ block: "nearest" });
  };
  const sentence = (reason: unknown): string => asProblem(reason).message || t("problem");

  const list = new DeviceList(backend, texts, say, sentence);
  const linking = { backend, texts, say, sentence, signal: end.signal };
  const body = make("div", "devices__body desk-panel__scroll");
  body.append(make("p", "devices__note", t("lead")), list.element, codeMaker(linking), codeTaker(linking));
  panel.append(said, body);
  panel.addEventListener("close", () => {
    end.abort();
    panel.remove();
  });
  closeFromBehind(panel);
  document.body.append(panel);
  panel.showModal();
  title.focus();
  void list.load();
  const looking = setInterval(() => void list.load(), LOOK_MS);
  end.signal.addEventListener("abort", () => clearInterval(looking));
}
