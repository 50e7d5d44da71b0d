import { mount } from "svelte";
import type { OperatorBackend } from "../backend/backend";
import { tauriOperator } from "../backend/tauri";
import { Workplace } from "../model/operator-workplace";
import Operator from "./Operator.svelte";

const workplace = await Workplace.start(await backend());
document.documentElement.lang = workplace.state.locale;
mount(Operator, { target: document.body, props: { workplace } });

/** `vite build --mode memory` makes a page that a browser can show without the app; the product has none of it. */
async function backend(): Promise<OperatorBackend> {
  if (import.meta.env.MODE !== "memory") return tauriOperator();
  const { memoryOperator } = await import("../backend/memory-operator");
  const { operatorScene } = await import("../backend/memory-operator-scenes");
  const query = new URLSearchParams(location.search);
  document.documentElement.dataset["theme"] = query.get("theme") ?? "";
  return memoryOperator(operatorScene(query));
}
