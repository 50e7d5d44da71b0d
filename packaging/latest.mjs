// `node latest.mjs FOLDER TAG PLACE`: writes FOLDER/latest.json, which installed programs read to learn of updates.
//
// FOLDER has one folder for each system, called as the updater calls it. Only what has a signature beside it becomes an
// update; files get names of their own first, for a release has all of them in one place.

import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, tag, place] = process.argv.slice(2);
if (!folder || !tag || !place) {
  console.error("node latest.mjs FOLDER TAG PLACE");
  process.exit(2);
}

/** Every file below, with its folder. */
const files = (below) =>
  readdirSync(below, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ in: entry.parentPath ?? entry.path, name: entry.name }));

const platforms = {};
for (const system of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const below = files(join(folder, system.name));
  for (const signed of below.filter((file) => below.some((other) => other.name === `${file.name}.sig`))) {
    // macOS' archive is called the same for both kinds of processor.
    const name = signed.name.endsWith(".tar.gz") ? `${system.name}-${signed.name}` : signed.name;
    const signature = readFileSync(join(signed.in, `${signed.name}.sig`), "utf8").trim();
    renameSync(join(signed.in, `${signed.name}.sig`), join(signed.in, `${name}.sig`));
    renameSync(join(signed.in, signed.name), join(signed.in, name));
    const known = system.name.replace(/-appimage$/, "");
    platforms[known] = { signature, url: `${place}/${encodeURIComponent(name)}` };
  }
}
const latest = { version: tag.replace(/^v/, ""), pub_date: new Date().toISOString(), platforms };
writeFileSync(join(folder, "latest.json"), `${JSON.stringify(latest, null, 2)}\n`);
console.log(`latest.json knows ${Object.keys(platforms).join(", ") || "no signed bundle"}`);
