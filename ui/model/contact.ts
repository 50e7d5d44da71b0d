// What counts as an e-mail address and as a telephone number: the desk's own check once more, so that people learn of
// a mistake before they send it. contact.test.ts holds it against the desk's corpus.

/** The longest address, in bytes. */
const EMAIL_BYTES = 254;
/** The longest telephone number, in characters. */
const PHONE_CHARS = 40;

const LOCAL = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;
const LABEL = /^(?!-)[\p{Alphabetic}\p{N}-]+(?<!-)$/u;

/** Is this an e-mail address, without spaces around it? */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 0 || bytes(text) > EMAIL_BYTES || local.length > 64 || !LOCAL.test(local)) return false;
  const labels = domain.split(".");
  const last = labels.at(-1) ?? "";
  return (
    labels.length > 1 && !/^\d+$/.test(last) && labels.every((part) => LABEL.test(part) && bytes(part) <= 63)
  );
}

/** Is this a telephone number, without spaces around it? */
export function isPhone(text: string): boolean {
  const number = text.startsWith("+") ? text.slice(1) : text;
  const digits = number.replace(/\D/g, "").length;
  return (
    text.length <= PHONE_CHARS &&
    digits >= 5 &&
    digits <= 20 &&
    /^[0-9 .()-]+$/.test(number) &&
    text === text.trim() &&
    /^[^()]*(\([^()]*\)[^()]*)*$/.test(number)
  );
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
