// How controllers that companies run use widgets, all at once (§3 of the consultant API): one `show` for everybody
// that publishes what is wanted, rules that show and hide, log lines that are widgets, a form with a date and a time.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { makeCallGear } from "../callgear";
import { Controllers } from "../controllers";
import type { CallGear, SessionVerbs } from "../global";
import { WidgetsOptions } from "../options";
import { Registry } from "../registry";
import { siteStorage } from "../storage";
import { visitorTexts } from "../catalogues";
import { listenToFields } from "../typed";
import { publicUi } from "../ui";
import type { Widget } from "../widget";

type Rules = Record<string, boolean>;
type Shown = Widget & { show(isApi?: boolean): unknown };

const TEMPLATES: Record<string, string> = {
  label: '<div class="is-hidden"><button c-ref="open">Chat</button></div>',
  chat: '<section class="is-hidden"><div c-ref="log"></div><button c-ref="close">x</button></section>',
  call: `<form class="is-hidden"><input c-ref="phone" c-type="numberfield" c-name="phone" c-validator="required phone"
      c-mask="+7 (999) 999-99-99">
    <select c-ref="date" c-select="true" c-type="field" c-name="date" c-validator="required" c-disabled>
      <option value="0">Today</option><option value="1">Tomorrow</option></select>
    <select c-ref="time" c-select="true" c-type="field" c-name="time" c-validator="required" c-disabled></select>
    <button type="button" c-ref="send" c-type="submitbutton">Call me</button></form>`,
};

let gear: CallGear;
let widgets: Record<"label" | "chat" | "call", Shown>;
let pub: (wish: string) => void;

/** The controller: its widgets show and hide themselves by their own classes and never call the base. */
function start(): void {
  const make = (name: string): Shown =>
    gear.UI.createWidget(name, {
      settings: {},
      tpl: TEMPLATES[name],
      show(this: Widget, isApi: boolean) {
        if (isApi) {
          pub(name);
          return false;
        }
        this.getEl()?.classList.remove("is-hidden");
        return undefined;
      },
      hide(this: Widget) {
        this.getEl()?.classList.add("is-hidden");
      },
    }) as Shown;
  widgets = { label: make("label"), chat: make("chat"), call: make("call") };
  const observer = gear.UI.createObserver((wish: string) => ({
    label: wish === "rack",
    chat: wish === "chat",
    call: wish === "call",
  }));
  observer.sub((rules: Rules) => {
    for (const [name, isWanted] of Object.entries(rules)) {
      const widget = widgets[name as keyof typeof widgets];
      if (isWanted !== widget.isVisible()) widget[isWanted ? "show" : "hide"]();
    }
  });
  pub = (wish) => observer.pub(wish);
  for (const widget of Object.values(widgets)) widget.render(null);
  pub("rack");
}

function visible(): string[] {
  return Object.entries(widgets)
    .filter(([, widget]) => widget.isVisible() && !widget.getEl()?.classList.contains("is-hidden"))
    .map(([name]) => name);
}

beforeEach(() => {
  document.body.replaceChildren();
  const registry = new Registry();
  gear = makeCallGear({
    ui: publicUi(registry, new Controllers(), visitorTexts("en"), () => []),
    registry,
    options: new WidgetsOptions(),
    storage: siteStorage("s", null),
    visitorId: "v",
    verbs: {} as SessionVerbs,
  });
  listenToFields(document, (element) => registry.isRoot(element));
  start();
});

describe("habits", () => {
  test("[X] §3 rules decide what is shown, from inside and from outside", () => {
    expect(visible()).toEqual(["label"]);
    gear.UI.show("chat");
    expect(visible()).toEqual(["chat"]);
    gear.UI.show("chat");
    expect(visible()).toEqual(["chat"]);
    pub("rack");
    expect(visible()).toEqual(["label"]);
  });

  test("[X] §3 show and hide fire once for each time that they happened", () => {
    const log: string[] = [];
    for (const event of ["show", "hide"]) widgets.chat.on(event, () => log.push(event));
    gear.UI.show("chat");
    pub("rack");
    expect(log).toEqual(["show", "hide"]);
  });

  test("[X] §3 log lines are widgets: newer ones at the end, older ones before the first", () => {
    const log = widgets.chat.refs["log"] as Element;
    const line = (text: string, isOlder = false): void => {
      const widget = gear.UI.createWidget("line", { settings: { text }, tpl: `<p c-ref="line">${text}</p>` });
      widget.render(log, isOlder && log.firstChild);
    };
    line("2");
    line("3");
    line("1", true);
    expect(log.textContent).toBe("123");
    expect(Object.keys(widgets.chat.refs)).toEqual(["log", "close"]);
  });

  test("[X] §3 an invitation that is destroyed and shown again", () => {
    const invite = gear.UI.createWidget("invite", { tpl: '<div><button c-ref="yes"></button></div>' });
    invite.render();
    invite.show();
    invite.destroy();
    invite.destroy();
    expect([invite.getEl(), invite.refs, gear.UI.getWidget("invite")]).toEqual([null, {}, undefined]);
    invite.show();
    expect([invite.isVisible(), gear.UI.getWidget("invite")]).toEqual([true, invite]);
    expect(invite.refs["yes"]).toBeInstanceOf(HTMLButtonElement);
  });

  test("[X] §3 a call now, and a call later: fields that come and go, times that follow the date", async () => {
    const { phone, date, time } = widgets.call.refs as Record<string, HTMLSelectElement & HTMLInputElement>;
    if (!phone || !date || !time) throw new Error("a field is missing");
    expect(widgets.call.getErrors()).toEqual({ phone: "required" });
    phone.value = "+7 (912) 345-67-89";
    expect([widgets.call.getErrors(), widgets.call.getValues()]).toEqual([null, { phone: "79123456789" }]);
    date.removeAttribute("c-disabled");
    time.removeAttribute("c-disabled");
    expect(widgets.call.getErrors()).toEqual({ time: "required" });
    date.addEventListener("change", () => {
      (time as { value: unknown }).value = null;
      time.innerHTML = gear.UI.createEl(
        "<select><option>9:00</option><option>10:00</option></select>",
      ).innerHTML;
    });
    (widgets.call.refs["dateCustomSelect"] as HTMLElement).click();
    date.nextElementSibling?.querySelectorAll<HTMLElement>('[role="option"]')[1]?.click();
    const box = widgets.call.refs["timeCustomSelect"] as HTMLElement;
    await vi.waitFor(() => expect(box.textContent).toBe("9:00"));
    expect(widgets.call.getValues()).toEqual({ phone: "79123456789", date: "1", time: "9:00" });
    // Back to a call now: the controller empties select and box by hand.
    for (const option of [...time.options]) option.remove();
    (time as { value: unknown }).value = null;
    box.innerHTML = "";
    date.setAttribute("c-disabled", "");
    time.setAttribute("c-disabled", "");
    expect([widgets.call.getErrors(), widgets.call.getValues()]).toEqual([null, { phone: "79123456789" }]);
  });
});
