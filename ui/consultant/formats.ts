// Small formats that controllers ask `CallGear.UI` for.

/** `H:MM`. Takes a `Date`, or Unix seconds as messages carry them. */
export function toTimeString(value: unknown): string {
  const date = toDate(value);
  return date ? `${date.getHours()}:${pad(date.getMinutes())}` : "";
}

/** `DD.MM.YYYY`. Takes a `Date`, or Unix seconds as messages carry them. */
export function toDateString(value: unknown): string {
  const date = toDate(value);
  return date ? `${pad(date.getDate())}.${pad(date.getMonth() + 1)}.${date.getFullYear()}` : "";
}

/**
 * Black or white: what reads better on `hex` by WCAG's contrast. Written as `hex` is: settings hold colours without
 * `#`, and templates that put it in front do so with the answer as well.
 */
export function getContrastColor(hex: unknown): string {
  const [red, green, blue] = channels(hex);
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const color = (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? "000000" : "ffffff";
  return isBareColor(hex) ? color : `#${color}`;
}

/** Is it a colour without `#`? */
export function isBareColor(value: unknown): boolean {
  return typeof value === "string" && /^\s*([\da-f]{3}|[\da-f]{6})\s*$/i.test(value);
}

/**
 * A phone number as people read it: Russian and North American ones in their groups, others with their code in
 * front. What is no number comes back as it is.
 */
export function formatPhoneNumber(value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  const digits = text.replace(/\D/g, "");
  if (!/^[+\d\s().-]+$/.test(text) || digits.length < 10 || digits.length > 15) return text;
  const [, russian] = /^[78](\d{10})$/.exec(digits) ?? [];
  if (russian) return russian.replace(/^(\d{3})(\d{3})(\d\d)(\d\d)$/, "+7 ($1) $2-$3-$4");
  const [, american] = /^1(\d{10})$/.exec(digits) ?? [];
  if (american) return american.replace(/^(\d{3})(\d{3})(\d{4})$/, "+1 ($1) $2-$3");
  return digits.length === 10 && !text.startsWith("+") ? text : `+${digits}`;
}

function toDate(value: unknown): Date | null {
  const date = typeof value === "number" ? new Date(value * 1000) : value;
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date : null;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

function channels(hex: unknown): [number, number, number] {
  const digits =
    /^#?([\da-f]{3}|[\da-f]{6})$/i.exec(typeof hex === "string" ? hex.trim() : "")?.[1] ?? "ffffff";
  const six = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  const at = (from: number): number => Number.parseInt(six.slice(from, from + 2), 16);
  return [at(0), at(2), at(4)];
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
