// What the first account must be like. The desk checks again; here people learn it before they press the button.
import { countChars } from "./operator-workplace";

/** The shortest password, in code points. */
export const PASSWORD_CHARS = 8;

const NAME_CHARS = 200;
const LOGIN_CHARS = 64;
const PASSWORD_MOST = 1_000;

/** What was written into the form. */
export interface SetupForm {
  readonly name: string;
  readonly login: string;
  readonly password: string;
}

/** What is wrong with each field, as a key of the catalogue; `null` where nothing is. */
export interface SetupFaults {
  readonly name: "name_missing" | "name_long" | null;
  readonly login: "login_missing" | "login_spaces" | "login_long" | null;
  readonly password: "password_short" | "password_long" | null;
}

/** Looks the form over. */
export function setupFaults(form: SetupForm): SetupFaults {
  return {
    name: nameFault(form.name.trim()),
    login: loginFault(form.login.trim()),
    password: passwordFault(form.password),
  };
}

/** Is nothing wrong? */
export function isFit(faults: SetupFaults): boolean {
  return faults.name === null && faults.login === null && faults.password === null;
}

function nameFault(name: string): SetupFaults["name"] {
  if (name === "") return "name_missing";
  return countChars(name) > NAME_CHARS ? "name_long" : null;
}

function loginFault(login: string): SetupFaults["login"] {
  if (login === "") return "login_missing";
  if (/\s/u.test(login)) return "login_spaces";
  return countChars(login) > LOGIN_CHARS ? "login_long" : null;
}

/** What is wrong with a password, as a key of the catalogue. */
export function passwordFault(password: string): SetupFaults["password"] {
  const length = countChars(password);
  if (length < PASSWORD_CHARS) return "password_short";
  return length > PASSWORD_MOST ? "password_long" : null;
}
