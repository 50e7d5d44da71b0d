// Settings made safe for controllers that do not look: every part that the API names is there and of its kind.
import { plain, plains, type Plain } from "./plain";

/** A copy in which groups are off where there are none and positions are among the known ones. */
export function safeSettings(settings: unknown): Plain {
  const given = plain(settings);
  return {
    ...given,
    common: { banner_color: "", ...plain(given["common"]) },
    chat: safeChat(plain(given["chat"])),
    offline_message: safeForm(plain(given["offline_message"]), "offline_message" in given),
  };
}

/**
 * The same for a controller beside the consultant's: its settings are one flat form. Lead forms stand where they
 * like (`center`), and what they leave out (`fields: null`) is theirs to look for.
 */
export function safeOtherSettings(name: string, settings: unknown): Plain {
  const given = plain(settings);
  // Nobody here has to prove to be human: a field for it could not be filled in.
  const own = { ...given, ...safeGroups(given), is_captcha_enabled: false };
  return name === "sitephone" ? { ...own, ...safePlace(given) } : own;
}

function safeChat(given: Plain): Plain {
  return {
    is_consultant_operator_rating: false,
    message_audio_file: "",
    ...safeForm(given, true),
    // As isReadyForFileTransfer() says: a button that is shown all the same would lead nowhere.
    is_file_transfer: given["is_file_transfer"] === true,
    retention: safeRetention(plain(given["retention"])),
  };
}

function safeRetention(given: Plain): Plain {
  return {
    is_alternate_communication_way_enabled: false,
    alternate_communication_way_timeout: 0,
    alternate_communication_way: null,
    ...given,
    messages: plains(given["messages"]),
  };
}

/** What both forms have; one that the company says nothing of is not shown. */
function safeForm(form: Plain, isVisible: boolean): Plain {
  return {
    title: "",
    group_title: "",
    is_visible: isVisible,
    is_animation_enabled: false,
    ...form,
    fields: plains(form["fields"]),
    ...safeGroups(form),
    ...safePlace(form),
  };
}

function safeGroups(form: Plain): Plain {
  const groups = plains(form["allowed_groups"]);
  return {
    allowed_groups: groups,
    is_groups_enabled: Boolean(form["is_groups_enabled"]) && groups.length > 0,
  };
}

function safePlace(form: Plain): Plain {
  return {
    h_position: oneOf(["left", "right"], form["h_position"], "right"),
    v_position: oneOf(["top", "middle", "bottom"], form["v_position"], "bottom"),
  };
}

function oneOf(allowed: string[], value: unknown, otherwise: string): string {
  return typeof value === "string" && allowed.includes(value) ? value : otherwise;
}
