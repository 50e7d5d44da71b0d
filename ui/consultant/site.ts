// The site's settings, laid over the pack's own before controllers see them.
//
// What must always hold: what the site leaves empty stays the pack's; groups, rating and retention are what the desk
// does, and the desk's word on them is the last.
import type { Field } from "../generated/Field";
import type { FieldName } from "../generated/FieldName";
import type { FormSettings } from "../generated/FormSettings";
import { boundsOf } from "./filerules";
import { isBareColor } from "./formats";
import { plain, plains, type Plain } from "./plain";
import type { Texts } from "./texts";

/** What a site may ask for. */
const NAMES: readonly FieldName[] = ["name", "email", "phone"];

/** The pack's settings with the site's over them, for a chat of that group; a copy. */
export function withSite(
  pack: unknown,
  form: FormSettings | null,
  { t }: Texts,
  group: number | null = null,
): Plain {
  const settings = plain(pack);
  const is_file_transfer = boundsOf(form, group).enabled;
  if (!form) return { ...settings, chat: { ...plain(settings["chat"]), is_file_transfer } };
  const common = plain(settings["common"]);
  const chat = plain(settings["chat"]);
  const offline = plain(settings["offline_message"]);
  const titled = (fields: readonly Field[], own: unknown): Plain => {
    const asked = fields.map((field) => fieldOf(field, own, t(`c.${field.name}`)));
    return asked.length > 0 ? { fields: [...asked, ...fieldsBeside(own)] } : {};
  };
  const groups = {
    ...filled({ group_title: form.group_title }),
    ...withGroups({}, form),
    is_groups_enabled: form.groups.length > 0,
  };
  return {
    ...settings,
    common: { ...common, ...filled({ banner_color: colorOf(form.banner_color, common["banner_color"]) }) },
    chat: {
      ...chat,
      ...filled({ title: form.title }),
      ...groups,
      ...titled(form.fields, chat["fields"]),
      is_consultant_operator_rating: form.rating,
      is_mail: form.mail,
      is_file_transfer,
      retention: { ...plain(chat["retention"]), ...retentionOf(form) },
    },
    // A pack without an offline form has none because the site says nothing of it.
    ...("offline_message" in settings
      ? { offline_message: { ...offline, ...groups, ...titled(form.offline_fields, offline["fields"]) } }
      : {}),
  };
}

/** The flat settings of a controller beside the consultant's: where it lets visitors choose a group, one of the desk's. */
export function withGroups(settings: unknown, form: FormSettings | null): Plain {
  const own = plain(settings);
  return form ? { ...own, allowed_groups: form.groups.map(({ id, name }) => ({ id, name })) } : own;
}

/** The fields of the chat's form that must be filled in, of those that a card has. */
export function requiredOf(settings: object): FieldName[] {
  const fields = plains(plain(plain(settings)["chat"])["fields"]);
  return NAMES.filter((name) =>
    fields.some((field) => field["name"] === name && Boolean(field["is_required"])),
  );
}

/** Written as the pack's own is: where that has no `#`, its templates put one in front. */
function colorOf(color: string, own: unknown): string {
  return isBareColor(own) ? color.replace("#", "") : color;
}

/** A site asks for contacts alone: without what else the form has, such as `message`, nothing could be written in it. */
function fieldsBeside(own: unknown): Plain[] {
  return plains(own).filter(({ name }) => !(NAMES as readonly unknown[]).includes(name));
}

function fieldOf({ name, title, is_required }: Field, own: unknown, word: string): Plain {
  const same = plains(own).find((field) => field["name"] === name) ?? {};
  return { title: word, ...same, name, ...filled({ title }), is_required };
}

function retentionOf({ retention: { messages, way, way_after_s } }: FormSettings): Plain {
  return {
    messages: messages.map(({ after_s, text }) => ({ timeout: after_s, text })),
    is_alternate_communication_way_enabled: way !== null,
    alternate_communication_way_timeout: way_after_s,
    alternate_communication_way: way,
  };
}

/** Those that are not empty. */
function filled(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
}
