// §3 of the consultant API, `c-select`, promise by promise: the styled twin of a select.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Registry } from "../registry";
import type { Widget } from "../widget";

const OPTIONS = `<option value="1">One</option><option value="2" class="vip gold">Two</option>
  <option value="3" disabled>Three</option><option value="4">Four</option>`;

let widget: Widget;
let select: HTMLSelectElement;
let box: HTMLElement;
let changes: string[];

function twin(): HTMLElement {
  return select.nextElementSibling as HTMLElement;
}

function rows(): HTMLElement[] {
  return [...twin().querySelectorAll<HTMLElement>(".comagic-c-select__option")];
}

function isOpen(): boolean {
  return twin().classList.contains("comagic-js-select-open");
}

function press(...keys: string[]): KeyboardEvent[] {
  return keys.map((key) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    box.dispatchEvent(event);
    return event;
  });
}

beforeEach(() => {
  document.body.replaceChildren();
  widget = new Registry().create("a_form", {
    template: `<div><label for="g">Group</label>
      <select id="g" c-ref="group" c-select="true" c-type="field" c-name="group">${OPTIONS}</select></div>`,
  });
  widget.render();
  select = widget.refs["group"] as HTMLSelectElement;
  box = widget.refs["groupCustomSelect"] as HTMLElement;
  changes = [];
  select.addEventListener("change", () => changes.push(select.value));
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("c-select", () => {
  test("[X] §3 adds a styled twin with the named classes; its value box is the ref groupCustomSelect", () => {
    expect(twin().className).toBe("comagic-c-select");
    expect(box.className).toBe("comagic-c-select__select");
    expect(box.parentElement).toBe(twin());
    const path = [rows()[0]?.parentElement, rows()[0]?.parentElement?.parentElement];
    expect(path.map((element) => element?.className)).toEqual([
      "comagic-c-select__options",
      "comagic-c-select__wrapper-options",
    ]);
    expect(box.textContent).toBe("One");
  });

  test("[X] §3 is only for selects that ask for it, and an array of refs has an array of boxes", () => {
    const other = new Registry().create("x", {
      template: `<div><select c-ref="plain"></select><select c-ref="off" c-select="false"></select>
        <select c-ref="times[0]" c-select="true"></select><select c-select="true"></select></div>`,
    });
    other.render();
    expect(Object.keys(other.refs)).toEqual(["plain", "off", "times", "timesCustomSelect"]);
    expect(other.refs["timesCustomSelect"]).toEqual([expect.any(HTMLElement)]);
    expect(other.getEl()?.querySelectorAll(".comagic-c-select")).toHaveLength(2);
  });

  test("[X] §3 the options' own classes are copied", () => {
    expect(rows()[1]?.className).toBe("comagic-c-select__option vip gold");
  });

  test("[X] §3 options follow innerHTML", async () => {
    select.innerHTML = "<option>Mon</option><option class='x'>Tue</option>";
    await vi.waitFor(() => expect(rows().map((row) => row.textContent)).toEqual(["Mon", "Tue"]));
    expect(box.textContent).toBe("Mon");
    select.options[1]?.remove();
    await vi.waitFor(() => expect(rows()).toHaveLength(1));
    select.innerHTML = "";
    await vi.waitFor(() => expect([rows().length, box.textContent]).toEqual([0, ""]));
  });

  test("the box follows what a script sets", () => {
    select.value = "4";
    expect(box.textContent).toBe("Four");
    select.selectedIndex = 1;
    expect(box.textContent).toBe("Two");
    (select as { value: unknown }).value = null;
    expect([box.textContent, select.selectedIndex, widget.getValues()["group"]]).toEqual(["", -1, ""]);
  });

  test("[X] §3 choosing fires `change`, once, and not for what is chosen already", () => {
    box.click();
    expect(isOpen()).toBe(true);
    rows()[1]?.click();
    expect([isOpen(), select.value, box.textContent, changes]).toEqual([false, "2", "Two", ["2"]]);
    box.click();
    rows()[1]?.click();
    expect(changes).toEqual(["2"]);
    expect(widget.getValues()).toEqual({ group: "2" });
  });

  test("[X] §3 a disabled option is not chosen", () => {
    box.click();
    rows()[2]?.click();
    expect([isOpen(), select.value, changes]).toEqual([true, "1", []]);
  });

  test("a disabled select, or one with comagic-js-select-disabled, does not open", async () => {
    select.classList.add("comagic-js-select-disabled");
    await vi.waitFor(() => expect(box.getAttribute("aria-disabled")).toBe("true"));
    box.click();
    press("ArrowDown", "4");
    expect([isOpen(), box.tabIndex, select.value]).toEqual([false, -1, "1"]);
    select.classList.remove("comagic-js-select-disabled");
    await vi.waitFor(() => expect(box.getAttribute("aria-disabled")).toBe("false"));
    select.disabled = true;
    await vi.waitFor(() => expect(box.getAttribute("aria-disabled")).toBe("true"));
    box.click();
    expect(isOpen()).toBe(false);
  });

  test("one whose box has comagic-js-select-disabled does not open either, until the class is gone", async () => {
    box.classList.add("comagic-js-select-disabled");
    box.click();
    expect(isOpen()).toBe(false);
    await vi.waitFor(() => expect(box.getAttribute("aria-disabled")).toBe("true"));
    box.classList.remove("comagic-js-select-disabled");
    box.click();
    expect(isOpen()).toBe(true);
  });

  test("[X] §3 what a controller empties by hand, select and box, is filled again by a choice", async () => {
    (select as { value: unknown }).value = null;
    box.innerHTML = "";
    expect(widget.getValues()).toEqual({ group: "" });
    box.click();
    rows()[0]?.click();
    await vi.waitFor(() => expect([box.textContent, changes]).toEqual(["One", ["1"]]));
  });

  test("arrows open the list and pass over what is disabled; Enter chooses", () => {
    press("ArrowDown");
    expect(isOpen()).toBe(true);
    press("ArrowDown", "ArrowDown");
    expect(box.getAttribute("aria-activedescendant")).toBe(rows()[3]?.id);
    press("ArrowDown");
    expect(box.getAttribute("aria-activedescendant")).toBe(rows()[3]?.id);
    press("ArrowUp", "Home", "End", "Enter");
    expect([isOpen(), select.value, changes]).toEqual([false, "4", ["4"]]);
  });

  test("Escape closes the list, changes nothing and does not reach the form; closed, it does", () => {
    const outside = vi.fn();
    document.body.addEventListener("keydown", outside);
    press("Enter", "ArrowDown", "Escape");
    expect([isOpen(), select.value, changes, outside.mock.calls.length]).toEqual([false, "1", [], 0]);
    const [escape] = press("Escape");
    expect([outside.mock.calls.length, escape?.defaultPrevented]).toEqual([1, false]);
    document.body.removeEventListener("keydown", outside);
  });

  test("letters find an option; leaving the box closes the list", () => {
    press("f");
    expect([select.value, changes]).toEqual(["4", ["4"]]);
    box.focus();
    box.click();
    box.blur();
    expect(isOpen()).toBe(false);
  });

  test("one list is open at a time", () => {
    const other = new Registry().create("y", {
      template: `<div><select c-ref="s" c-select="true">${OPTIONS}</select></div>`,
    });
    other.render();
    box.click();
    (other.refs["sCustomSelect"] as HTMLElement).click();
    expect(isOpen()).toBe(false);
  });

  test("speaks as a list to a screen reader", () => {
    const list = twin().querySelector('[role="listbox"]');
    expect(box.getAttribute("role")).toBe("combobox");
    expect([box.getAttribute("aria-controls"), box.getAttribute("aria-label")]).toEqual([list?.id, "Group"]);
    expect(rows().map((row) => [row.getAttribute("role"), row.getAttribute("aria-selected")])).toEqual([
      ["option", "true"],
      ["option", "false"],
      ["option", "false"],
      ["option", "false"],
    ]);
    box.click();
    expect(box.getAttribute("aria-expanded")).toBe("true");
    expect(rows()[2]?.getAttribute("aria-disabled")).toBe("true");
  });

  test("an option's text is text", async () => {
    const option = new Option("<img src=x onerror=alert(1)>");
    select.replaceChildren(option);
    await vi.waitFor(() => expect(rows()[0]?.textContent).toBe(option.text));
    expect(twin().querySelector("img")).toBeNull();
  });

  test("a widget that is shown again with the same element keeps its twin", () => {
    const root = widget.getEl();
    const again = new Registry().create("z", { template: root });
    again.render();
    expect(again.refs["groupCustomSelect"]).toBe(box);
    expect(root?.querySelectorAll(".comagic-c-select")).toHaveLength(1);
  });
});
