// `CallGear.UI.C`: texts and values that controllers take from the runtime, in the person's language.
import type { Texts } from "./texts";

/** The picture of an operator who has none: head and shoulders in a grey that suits both themes. */
export const NO_FACE =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#8b939c"/>' +
      '<circle cx="20" cy="15" r="7" fill="#fff"/><path d="M6 40c0-9 6-14 14-14s14 5 14 14z" fill="#fff"/></svg>',
  );

/** Makes the constants; controllers may write into them. */
export function constants({ t }: Texts): Record<string, unknown> {
  // Names of templates are made of it: it is a code and no word.
  const sender = "bot";
  return {
    OPERATOR_TYPING_TEXT: t("c.operator_typing"),
    EDITOR_FIELD_TEXT: t("c.editor_field"),
    PLACEHOLDERS: {
      name: t("c.name"),
      phone: t("c.phone"),
      email: t("c.email"),
      date: t("c.date"),
      time: t("c.time"),
      captcha: t("c.captcha"),
    },
    PHONE_MASK_FORMAT: t("c.phone_mask"),
    VCARD_TEXT: t("c.vcard"),
    START_CHAT_TEXT: t("c.start_chat"),
    WELCOME_CHAT_TEXT: t("c.welcome_chat"),
    RATING_TEXT: t("c.rating"),
    RATING_FEEDBACK_TEXT: t("c.rating_feedback"),
    SEND_OFFLINE_MESSAGE_TEXT: t("c.send_offline_message"),
    CALL_SITEPHONE_TEXT: t("c.call_sitephone"),
    DATE_CHANGE_TITLE_TEXT: t("c.date_change_title"),
    DATE_NOW_TITLE_TEXT: t("c.date_now_title"),
    SUPPORTED_FILE_TYPES: [],
    IMAGES: { OPERATOR: NO_FACE },
    MESSAGES_SETTINGS: {
      email: {
        sender,
        name: "email",
        text: t("c.mail_text"),
        is_required: true,
        feedbackText: t("c.mail_feedback"),
        buttonText: t("c.mail_button"),
      },
    },
    RETENTION_BUTTONS_SETTINGS: {
      chat: { sender, text: t("c.retention_chat_text"), buttonText: t("c.retention_chat_button") },
      sitephone: {
        sender,
        text: t("c.retention_sitephone_text"),
        buttonText: t("c.retention_sitephone_button"),
      },
      offline_message: {
        sender,
        text: t("c.retention_offline_text"),
        buttonText: t("c.retention_offline_button"),
      },
    },
  };
}

/** Files that may be sent, as an input's `accept` wants them. */
export function sayFileTypes(constants: Record<string, unknown>, types: readonly string[]): void {
  constants["SUPPORTED_FILE_TYPES"] = types.map((type) => `.${type}`);
}

/** Forms show it after whatever answer: where the desk sends no mail, it says so. */
export function sayWithoutMail(constants: Record<string, unknown>, { t }: Texts): void {
  const { email } = constants["MESSAGES_SETTINGS"] as { email: Record<string, unknown> };
  email["feedbackText"] = t("c.mail_none");
}
