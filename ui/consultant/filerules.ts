// Which files may be sent here, by what is known before a byte of one is read. Rust has the last word on each.
import type { FormSettings } from "../generated/FormSettings";
import type { GroupFiles } from "../generated/GroupFiles";

/** What holds in one chat. */
export type Bounds = Pick<GroupFiles, "enabled" | "max_bytes" | "types">;

/** What forms offer where the site takes every type: the kinds of files that people send each other. */
const USUAL =
  "jpg jpeg png gif webp heic bmp tif tiff pdf txt csv rtf md doc docx xls xlsx ppt pptx odt ods odp pages numbers key " +
  "mp3 m4a ogg wav flac mp4 mov webm mkv avi zip 7z rar gz eml msg vcf ics";

/** The rules of a chat that is for that group; `null`: for everybody. A desk that was never reached has said nothing. */
export function boundsOf(form: FormSettings | null, group: number | null): Bounds {
  if (!form) return { enabled: false, max_bytes: 0, types: [] };
  const { files } = form;
  const { enabled, max_bytes, types } = files.groups.find((own) => own.group === group) ?? files;
  return { enabled: files.enabled && enabled, max_bytes, types };
}

/** Extensions to offer, in lower case without the dot. */
export function typesOf({ types }: Bounds): string[] {
  return types.length > 0 ? [...types] : USUAL.split(" ");
}

/** The code of the first reason against a file; `null` where there is none. */
export function flawOfFile({ name, size }: Pick<File, "name" | "size">, bounds: Bounds): string | null {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (!bounds.enabled) return "file_off";
  if (size === 0) return "file_empty";
  if (size > bounds.max_bytes) return "file_too_large";
  return bounds.types.length > 0 && !bounds.types.includes(extension) ? "file_type" : null;
}
