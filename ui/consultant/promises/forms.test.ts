// §3 of the consultant API, form attributes: values, errors and marks, promise by promise.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Registry } from "../registry";
import { listenToFields } from "../typed";
import type { Widget } from "../widget";

const MASK = "+7 (999) 999-99-99";

let registry: Registry;
let page: AbortController;

function form(html: string): Widget {
  const widget = registry.create("a_form", { template: `<div>${html}</div>` });
  widget.render();
  return widget;
}

function part<E extends Element = HTMLInputElement>(widget: Widget, selector: string): E {
  const element = widget.getEl(selector);
  if (!element) throw new Error(`there is no ${selector}`);
  return element as E;
}

function fill(field: HTMLInputElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

beforeEach(() => {
  registry = new Registry();
  page = new AbortController();
  document.body.replaceChildren();
  listenToFields(document, (element) => registry.isRoot(element), page.signal);
});

afterEach(() => {
  page.abort();
  vi.restoreAllMocks();
});

describe("getValues()", () => {
  test("[X] §3 gives {name: value} of inputs, textareas, selects and contenteditable elements alike", () => {
    const widget = form(`
      <input c-type="field" c-name="name" value="Ann">
      <textarea c-type="field" c-name="message">two
lines</textarea>
      <select c-type="field" c-name="group"><option value="1">One<option value="2" selected>Two</select>
      <div c-type="field" c-name="note" contenteditable>first<div>second&nbsp;</div>third<br></div>
      <span c-type="field" c-name="key">k-1</span>`);
    expect(widget.getValues()).toEqual({
      name: "Ann",
      message: "two\nlines",
      group: "2",
      note: "first\nsecond third",
      key: "k-1",
    });
  });

  test("[X] §3 getValues() is a fresh object", () => {
    const widget = form('<input c-type="field" c-name="a" value="1">');
    const values = widget.getValues();
    values["a"] = "2";
    expect(widget.getValues()).toEqual({ a: "1" });
  });

  test("[X] §3 only elements with c-type are fields, and a submitbutton is none", () => {
    const widget = form(
      '<input c-name="a" value="1"><input c-type="field" value="2"><button c-type="submitbutton" c-name="b">Go</button>',
    );
    expect(widget.getValues()).toEqual({});
  });

  test("[X] §3 c-disabled is read at call time", () => {
    const widget = form('<input c-type="field" c-name="a" c-validator="required" c-disabled>');
    expect([widget.getValues(), widget.getErrors()]).toEqual([{}, null]);
    part(widget, "input").removeAttribute("c-disabled");
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ a: "" }, { a: "required" }]);
    part(widget, "input").setAttribute("c-disabled", "");
    expect([widget.getValues(), widget.getErrors()]).toEqual([{}, null]);
    expect(part(widget, "input").className).toBe("");
  });

  test.each([
    ["+49 (30) 12-34", "", "49301234"],
    ["no digits", "", ""],
    ["+7 (912) 3", MASK, "79123"],
    ["9123456789", MASK, "79123456789"],
    ["+7 (", MASK, ""],
    ["", MASK, ""],
  ])(
    "[X] §3 numberfield yields digits only, the mask's included: %j in the mask %j is %j",
    (value, mask, digits) => {
      const widget = form(`<input c-type="numberfield" c-name="phone" c-mask="${mask}" value="${value}">`);
      expect(widget.getValues()).toEqual({ phone: digits });
    },
  );

  test("[X] §3 numberfield on a contenteditable element, whose digits a mask of `_` holds", () => {
    const field = (value: string): Widget =>
      form(`<div contenteditable='true' c-type='numberfield' c-name='phone' c-validator='required phone'
        c-mask='+7 (___) ___-__-__'>${value}</div>`);
    expect(field("+7 (912) 345-67-89").getValues()).toEqual({ phone: "79123456789" });
    expect(field("+7 (912) 345").getErrors()).toEqual({ phone: "phone" });
    expect(field("").getErrors()).toEqual({ phone: "required" });
  });

  test("[X] §3 a mask alone is empty", () => {
    const widget = form(
      `<div contenteditable c-type="field" c-name="phone" c-mask="${MASK}" c-validator="required phone">+7 (</div>`,
    );
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ phone: "" }, { phone: "required" }]);
  });

  test("[X] §3 a selected disabled option is empty", () => {
    const widget = form(
      `<select c-type="field" c-name="group" c-validator="required">
        <option value="0" disabled selected>Choose</option><option value="1">One</option></select>`,
    );
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ group: "" }, { group: "required" }]);
    part<HTMLSelectElement>(widget, "select").value = "1";
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ group: "1" }, null]);
    part<HTMLSelectElement>(widget, "select").selectedIndex = -1;
    expect(widget.getValues()).toEqual({ group: "" });
  });

  test("[X] §3 c-type=checkbox is true or false, and a required one must be ticked", () => {
    const widget = form('<input type="checkbox" c-type="checkbox" c-name="agree" c-validator="required">');
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ agree: false }, { agree: "required" }]);
    part(widget, "input").checked = true;
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ agree: true }, null]);
  });

  test("radio buttons of one name are one field", () => {
    const radio = (value: string): string =>
      `<input type="radio" name="r" c-type="field" c-name="when" c-validator="required" value="${value}">`;
    const widget = form(radio("now") + radio("later"));
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ when: "" }, { when: "required" }]);
    part(widget, '[value="later"]').checked = true;
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ when: "later" }, null]);
  });

  test("fields of a widget inside belong to that widget", () => {
    const outer = form('<p></p><input c-type="field" c-name="outer" c-validator="required" value="1">');
    const inner = registry.create("inner", {
      template: '<div><input c-type="field" c-name="inner" c-validator="required"></div>',
    });
    inner.render(outer.getEl("p"));
    expect([outer.getValues(), outer.getErrors()]).toEqual([{ outer: "1" }, null]);
    expect([inner.getValues(), inner.getErrors()]).toEqual([{ inner: "" }, { inner: "required" }]);
  });

  test("a widget without an element has no values and no errors", () => {
    const widget = registry.create("x", {
      template: '<input c-type="field" c-name="a" c-validator="required">',
    });
    expect([widget.getValues(), widget.getErrors()]).toEqual([{}, null]);
    widget.render();
    widget.destroy();
    expect([widget.getValues(), widget.getErrors()]).toEqual([{}, null]);
  });
});

describe("getErrors()", () => {
  test("[X] §3 is {name: validator}: the first of the list, separated by spaces, that refuses", () => {
    const widget = form(`<input c-type="field" c-name="email" c-validator="required email">
      <input c-type="field" c-name="phone" c-validator="required  phone" value="12">
      <input c-type="field" c-name="name">`);
    expect(widget.getErrors()).toEqual({ email: "required", phone: "phone" });
  });

  test("[X] §3 is null where all is well", () => {
    expect(form('<input c-type="field" c-name="a" c-validator="required" value="1">').getErrors()).toBeNull();
  });

  test.each(["phone", "email"])("[X] §3 %s accepts empty", (validator) => {
    const widget = form(`<input c-type="field" c-name="a" c-validator="${validator}" value=" ">`);
    expect(widget.getErrors()).toBeNull();
  });

  test.each([
    "<input ATTRIBUTES>",
    "<textarea ATTRIBUTES></textarea>",
    "<select ATTRIBUTES><option></select>",
    "<div contenteditable='true' ATTRIBUTES><br></div>",
  ])("[X] §3 form attributes work on %s alike", (html) => {
    const field = html.replace("ATTRIBUTES", 'c-type="field" c-name="a" c-validator="required email"');
    const widget = form(field);
    expect([widget.getValues(), widget.getErrors()]).toEqual([{ a: "" }, { a: "required" }]);
    widget.getEl()?.firstElementChild?.setAttribute("c-disabled", "");
    expect([widget.getValues(), widget.getErrors()]).toEqual([{}, null]);
  });

  test.each([
    ["phone", "", null],
    ["phone", "+49 30 123456", "ok"],
    ["phone", "8 (912) 345-67-89", "ok"],
    ["phone", "12345", "phone"],
    ["phone", "1234567890123456", "phone"],
    ["phone", "call me at 1234567", "phone"],
    ["email", "", null],
    ["email", "ann@example.org", "ok"],
    ["email", " ann@почта.рф ", "ok"],
    ["email", "ann@example", "email"],
    ["email", "ann example@a.org", "email"],
    ["email", "a@b@c.org", "email"],
    ["email", "a@.org", "email"],
    ["email", `${"x".repeat(250)}@a.org`, "email"],
    ["required", " \n", "required"],
    ["required phone", "", "required"],
    ["required phone", "12", "phone"],
    ["  required   email ", "x", "email"],
    ["invented", "", null],
    ["constructor", "x", null],
  ])("[X] §3 c-validator %j with %j: %j", (validator, value, answer) => {
    const widget = form(`<textarea c-type="field" c-name="f" c-validator="${validator}"></textarea>`);
    part<HTMLTextAreaElement>(widget, "textarea").value = value;
    expect(widget.getErrors()).toEqual(answer === null || answer === "ok" ? null : { f: answer });
  });

  test("a phone in a mask must fill it", () => {
    const widget = form(`<input c-type="numberfield" c-name="f" c-mask="${MASK}" c-validator="phone">`);
    const errors = ["", "+7 (", "+7 (912) 345", "+7 (912) 345-67-8", "+7 (912) 345-67-89"].map((value) => {
      part(widget, "input").value = value;
      return widget.getErrors();
    });
    expect(errors).toEqual([null, null, { f: "phone" }, { f: "phone" }, null]);
  });
});

describe("marks", () => {
  const FIELD = '<input c-type="field" c-name="mail" c-validator="required email">';

  test("[X] §3 comagic-js-field--not-valid stands on fields that getErrors refuses, until they are right", () => {
    const widget = form(`${FIELD}<input id="ok" c-type="field" c-name="b">`);
    const field = part(widget, "input");
    expect(field.className).toBe("");
    widget.getErrors();
    expect([field.className, part(widget, "#ok").className]).toEqual(["comagic-js-field--not-valid", ""]);
    expect(field.getAttribute("aria-invalid")).toBe("true");
    fill(field, "ann@");
    expect(field.className).toBe("comagic-js-field--not-valid");
    fill(field, "ann@a.org");
    expect([field.className, field.hasAttribute("aria-invalid")]).toEqual(["", false]);
  });

  test("[X] §3 comagic-js-form-valid stands on the widget's root while all fields are right", () => {
    const widget = form(FIELD);
    const root = widget.getEl();
    expect(root?.className).toBe("");
    fill(part(widget, "input"), "ann@a.org");
    expect(root?.className).toBe("comagic-js-form-valid");
    fill(part(widget, "input"), "");
    expect(root?.className).toBe("");
  });

  test("a form that is right from the start is marked when it is rendered, what is no form never", () => {
    expect(form('<input c-type="field" c-name="a">').getEl()?.className).toBe("comagic-js-form-valid");
    const plain = form("<b></b>");
    plain.getErrors();
    expect(plain.getEl()?.hasAttribute("class")).toBe(false);
  });

  test("leaving a field says that it is wrong, not that it is empty", () => {
    const widget = form(FIELD);
    const field = part(widget, "input");
    field.focus();
    field.blur();
    expect(field.className).toBe("");
    field.focus();
    fill(field, "ann@");
    expect(field.className).toBe("");
    field.blur();
    expect(field.className).toBe("comagic-js-field--not-valid");
  });
});

describe("a submitbutton", () => {
  test("[X] §3 a submitbutton never swallows a click, whatever is wrong", () => {
    const widget = form(
      '<input c-type="field" c-name="a" c-validator="required"><button c-type="submitbutton"><b>Go</b></button>',
    );
    const [own, outer] = [vi.fn(), vi.fn()];
    part(widget, "button").addEventListener("click", own);
    document.body.addEventListener("click", outer, { once: true });
    const event = new MouseEvent("click", { bubbles: true, cancelable: true });
    part(widget, "b").dispatchEvent(event);
    expect([own.mock.calls.length, outer.mock.calls.length, event.defaultPrevented]).toEqual([1, 1, false]);
  });

  test("of a form element takes nobody to another page", () => {
    const widget = form("<form><button>Go</button></form>");
    const event = new Event("submit", { bubbles: true, cancelable: true });
    const heard = vi.fn();
    part(widget, "form").addEventListener("submit", heard);
    part(widget, "form").dispatchEvent(event);
    expect([event.defaultPrevented, heard.mock.calls.length]).toEqual([true, 1]);
  });
});
