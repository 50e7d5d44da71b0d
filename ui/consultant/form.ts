// A widget's fields taken together: values, errors, and the marks that styles go by.
//
// What must always hold: nothing here keeps anything of a form; the page is asked each time.
import { checkedOf, fieldsOf, kindOf, textOf, typesOf, valueOf, type Foreign } from "./fields";
import { refusing } from "./validators";

const NOT_VALID = "comagic-js-field--not-valid";
const FORM_VALID = "comagic-js-form-valid";

/** Values by name: a fresh object. */
export type Values = Record<string, string | boolean>;

/** The first validator that refuses, by name. */
export type Errors = Record<string, string>;

/** `getValues()`. */
export function valuesOf(root: Element, foreign: Foreign): Values {
  const values: Values = {};
  for (const field of fieldsOf(root, foreign)) {
    const name = field.getAttribute("c-name");
    if (!name) continue;
    if (isRadio(field) && !field.checked) values[name] ??= "";
    else values[name] = valueOf(field);
  }
  return values;
}

/** `getErrors()`: marks every field, and the form. */
export function errorsOf(root: Element, foreign: Foreign): Errors | null {
  const wrong = refusals(root, foreign);
  for (const field of typesOf(root, foreign)) markField(field, wrong.has(field));
  mark(root, foreign, wrong);
  const errors: Errors = {};
  for (const [field, validator] of wrong) errors[field.getAttribute("c-name") ?? ""] ??= validator;
  return wrong.size > 0 ? errors : null;
}

/** A person works at a field: its mark goes as soon as it is right, and `left` (the field) may set one. */
export function markForm(root: Element, foreign: Foreign, left: Element | null = null): void {
  const wrong = refusals(root, foreign);
  for (const field of typesOf(root, foreign)) if (!wrong.has(field)) markField(field, false);
  // Nobody is told off for what is still empty: that is for `getErrors`.
  if (left && wrong.has(left) && textOf(left).trim() !== "") markField(left, true);
  mark(root, foreign, wrong);
}

/** For styles, and for who does not see them. */
function markField(field: Element, isWrong: boolean): void {
  if (field.classList.contains(NOT_VALID) === isWrong) return;
  field.classList.toggle(NOT_VALID, isWrong);
  if (isWrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function mark(root: Element, foreign: Foreign, wrong: ReadonlyMap<Element, string>): void {
  if (typesOf(root, foreign).length > 0) root.classList.toggle(FORM_VALID, wrong.size === 0);
}

function refusals(root: Element, foreign: Foreign): Map<Element, string> {
  const wrong = new Map<Element, string>();
  const values = valuesOf(root, foreign);
  for (const field of fieldsOf(root, foreign)) {
    const names = field.getAttribute("c-validator");
    if (!names) continue;
    const checked = checkedOf(field);
    // Radio buttons of one name are one field.
    if (isRadio(field)) checked.value = values[field.getAttribute("c-name") ?? ""] ?? "";
    const refused = refusing(names, checked);
    if (refused !== null) wrong.set(field, refused);
  }
  return wrong;
}

function isRadio(field: Element): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.type === "radio" && kindOf(field) !== "checkbox";
}
