// `c-validator`: what a field's value must be. Phone and e-mail accept an empty value: `required` is a rule of its own.

/** Digits that a phone number has (E.164 says at most 15). */
const PHONE_DIGITS = { least: 7, most: 15 };
/** Characters of an address (RFC 5321). */
const EMAIL_LIMIT = 254;

/** What a validator is asked about. */
export interface Checked {
  /** The value as `getValues()` gives it. */
  value: string | boolean;
  /** What is in the field. */
  text: string;
  /** Is the field's mask filled? `true` where it has none. */
  complete: boolean;
}

type Validator = (checked: Checked) => boolean;

const VALIDATORS: Readonly<Record<string, Validator>> = {
  required: ({ value }) => (typeof value === "string" ? value.trim() !== "" : value),
  phone: ({ value, text, complete }) => isEmpty(value) || (complete && isPhone(text)),
  email: ({ value }) => isEmpty(value) || isEmail(String(value)),
};

/** The first of the validators that `names` lists (separated by spaces) which refuses; `null` where none does. */
export function refusing(names: string, checked: Checked): string | null {
  return names.split(/\s+/).find((name) => !accepts(name, checked)) ?? null;
}

/** A name that nobody knows refuses nothing: a form must not be stuck for a word. */
function accepts(name: string, checked: Checked): boolean {
  const validator = Object.hasOwn(VALIDATORS, name) ? VALIDATORS[name] : undefined;
  return validator?.(checked) ?? true;
}

function isEmpty(value: string | boolean): boolean {
  return typeof value === "string" && value.trim() === "";
}

function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, "").length;
  const { least, most } = PHONE_DIGITS;
  return /^[+\d\s().\-/]+$/.test(text) && digits >= least && digits <= most;
}

function isEmail(value: string): boolean {
  const address = value.trim();
  return (
    address.length <= EMAIL_LIMIT && /^[^\s@<>"(),;:]+@[^\s@<>"(),;:.]+(\.[^\s@<>"(),;:.]+)+$/.test(address)
  );
}
