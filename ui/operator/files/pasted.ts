// What of a paste are files. Programs put several things at once on the clipboard, and which of them is meant can only
// be told by what lies beside it.

/** The files that were pasted; none where words were meant. */
export function pastedFiles(data: DataTransfer | null, nameOf: (type: string) => string): readonly File[] {
  if (data === null) return [];
  const files = [...data.files];
  const words = data.getData("text/plain").trim() !== "" && data.types.includes("text/html");
  // A table or a paragraph brings its picture along: its words are meant.
  if (words && files.every(({ type }) => type.startsWith("image/"))) return [];
  return files.map((file) => (isNameless(file) ? renamed(file, nameOf(file.type)) : file));
}

/** Every picture from the clipboard has the one name that the engine gives it. */
function isNameless({ name, type }: File): boolean {
  return type.startsWith("image/") && /^(image|unknown|blob)?(\.\w+)?$/u.test(name);
}

function renamed(file: File, name: string): File {
  const extension = /^image\/(\w+)/u.exec(file.type)?.[1]?.replace("jpeg", "jpg") ?? "png";
  return new File([file], `${name}.${extension}`, { type: file.type, lastModified: file.lastModified });
}
