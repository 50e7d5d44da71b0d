// The answer to a method as controllers get it.
import type { Verb } from "../generated/Verb";
import type { Texts } from "./texts";

/** The payload of an answer's event. `info` holds both strings, safe as HTML, or is absent. */
export interface Answered {
  success: boolean;
  code?: string;
  info?: { title: string; message: string };
}

/** Takes the one answer of a call. */
export type Tell = (answer: Answered) => void;

/** It was not done. */
export function refusal(texts: Texts, verb: Verb, code: string, message: string | null): Answered {
  const title = texts.t(`answer.${verb}`);
  return { success: false, code, info: info(title, texts.sentence(code, message)) };
}

/** It was done, now or (`code`) in a while. */
export function success(texts: Texts, verb: Verb, code: string | null, message: string | null): Answered {
  if (code) {
    const sentence = texts.sentence(code, message);
    return { success: true, code, info: info(texts.t("answer.queued"), sentence) };
  }
  if (verb === "sitephonecall") {
    return { success: true, info: info(texts.t("done.call_title"), texts.t("done.call")) };
  }
  if (verb === "sendofflinerequest" || verb === "leadsubmit") {
    return { success: true, info: info(texts.t("done.request_title"), texts.t("done.request")) };
  }
  return { success: true };
}

/** A copy: controllers write into what they get. */
export function copyOf(answer: Answered): Answered {
  return answer.info ? { ...answer, info: { ...answer.info } } : { ...answer };
}

function info(title: string, message: string): { title: string; message: string } {
  return { title: escaped(title), message: escaped(message) };
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}
