//! A brand: under which name, icon and colours the program is packed, and which desk it goes to.
//!
//! What must always hold: nothing of a brand's file gets into a package before it was checked, for it becomes part of
//! paths, of a .desktop file and of XML; and two brands have no file in common, so they install side by side.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::json::{self, Json};
use crate::places;
use crate::stop::{Result, Stop};

/// A name that people read is never longer, in characters.
const NAME: usize = 60;
/// An address of a desk is never longer, in bytes; the program refuses longer ones, too.
const LINK: usize = 2048;
/// What else a file may say.
const FIELDS: &[&str] = &[
    "colors",
    "company",
    "description",
    "desk",
    "icon",
    "id",
    "identifier",
    "name",
    "pack",
    "summary",
    "version",
];
/// The colour of buttons and of own messages, by day and by night.
const COLORS: &[&str] = &["accent", "accent_dark"];

/// What is packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Brand {
    /// What people read.
    pub(crate) name: String,
    /// Names the package, the program, its icons, its .desktop file and its links.
    pub(crate) id: String,
    /// Names the program to the system, such as `com.example.chat`.
    pub(crate) identifier: String,
    /// Who gives it to people.
    pub(crate) company: String,
    /// In one line, without a full stop.
    pub(crate) summary: String,
    /// Some sentences; Deskbell's own are longer and in two languages.
    pub(crate) description: Option<String>,
    /// An SVG or a square PNG.
    pub(crate) icon: PathBuf,
    /// What goes into `site.json`; Deskbell itself has none.
    pub(crate) site: Option<Site>,
}

/// What the program is told about the desk it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    desk: String,
    pack: Option<PathBuf>,
    colors: BTreeMap<String, String>,
}

impl Brand {
    /// Deskbell under its own name.
    pub(crate) fn own() -> Self {
        Self {
            name: "Deskbell".to_owned(),
            id: "deskbell".to_owned(),
            identifier: "app.deskbell.desktop".to_owned(),
            company: "The Deskbell authors".to_owned(),
            summary: "A live-chat desk as a desktop program".to_owned(),
            description: None,
            icon: places::root().join("icons/deskbell.svg"),
            site: None,
        }
    }

    /// From a company's file; what it names lies beside it.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .map_err(|error| Stop::because(format!("{} cannot be read: {error}.", file.display())))?;
        let folder = file.parent().unwrap_or(Path::new("."));
        Self::from_text(&text, folder).map_err(|why| Stop::because(format!("{}: {why}.", file.display())))
    }

    fn from_text(text: &str, folder: &Path) -> std::result::Result<Self, String> {
        let Json::Object(fields) = json::read(text)? else { return Err("no object of fields".to_owned()) };
        if let Some(strange) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(format!("`{strange}` is no field of a brand; the fields are {}", FIELDS.join(", ")));
        }
        if fields.get("version") != Some(&Json::Number(1)) {
            return Err("`version` is not 1".to_owned());
        }
        let name = words(&fields, "name", NAME)?.ok_or("`name` is missing")?;
        let id = words(&fields, "id", NAME)?.filter(|id| is_id(id)).ok_or(WRONG_ID)?;
        let identifier =
            words(&fields, "identifier", 120)?.unwrap_or_else(|| format!("app.deskbell.brand.{id}"));
        if !is_identifier(&identifier) {
            return Err("`identifier` is not like com.example.chat".to_owned());
        }
        let icon = folder.join(words(&fields, "icon", 400)?.ok_or("`icon` is missing")?);
        let drawn = icon.extension().is_some_and(|ending| ending == "svg" || ending == "png");
        if !drawn || !icon.is_file() {
            return Err(format!("`icon`: there is no SVG or PNG {}", icon.display()));
        }
        Ok(Self {
            company: words(&fields, "company", NAME)?.unwrap_or_else(|| name.clone()),
            summary: words(&fields, "summary", 100)?.unwrap_or_else(|| format!("Write to {name}")),
            description: words(&fields, "description", 2_000)?,
            site: Some(Site::from(&fields, folder)?),
            name,
            id,
            identifier,
            icon,
        })
    }

    /// For Tauri, laid over tauri.conf.json: what is compiled into the program.
    pub(crate) fn overlay(&self, icons: &Path) -> String {
        let path = |name: &str| json::quoted(&icons.join(name).to_string_lossy());
        let icons =
            ["32x32.png", "128x128.png", "128x128@2x.png", "icon.icns", "icon.ico", "icon.png"].map(path);
        format!(
            "{{\"productName\":{},\"identifier\":{},\"bundle\":{{\"publisher\":{},\"shortDescription\":{},\"icon\":[{}]}}}}",
            json::quoted(&self.name),
            json::quoted(&self.identifier),
            json::quoted(&self.company),
            json::quoted(&self.summary),
            icons.join(",")
        )
    }

    /// The folder of the company's form.
    pub(crate) fn pack(&self) -> Option<&Path> {
        self.site.as_ref()?.pack.as_deref()
    }

    /// The file that the program finds beside itself.
    pub(crate) fn site_json(&self) -> Option<String> {
        let site = self.site.as_ref()?;
        let mut fields = vec![
            "  \"version\": 1".to_owned(),
            format!("  \"id\": {}", json::quoted(&self.id)),
            format!("  \"name\": {}", json::quoted(&self.name)),
            format!("  \"desk\": {}", json::quoted(&site.desk)),
        ];
        if site.pack.is_some() {
            fields.push("  \"pack\": \"pack\"".to_owned());
        }
        if !site.colors.is_empty() {
            let colors = site.colors.iter();
            let colors =
                colors.map(|(name, color)| format!("{}: {}", json::quoted(name), json::quoted(color)));
            fields.push(format!("  \"colors\": {{ {} }}", colors.collect::<Vec<_>>().join(", ")));
        }
        Some(format!("{{\n{}\n}}\n", fields.join(",\n")))
    }
}

impl Site {
    fn from(fields: &BTreeMap<String, Json>, folder: &Path) -> std::result::Result<Self, String> {
        let desk = words(fields, "desk", LINK)?.ok_or("`desk` is missing")?;
        if !desk.starts_with("deskbell://join?") || desk.contains(char::is_whitespace) {
            return Err(
                "`desk` is no link such as deskbell://join?host=desk.example:7717&pin=…&site=main".to_owned()
            );
        }
        let pack = words(fields, "pack", 400)?.map(|pack| folder.join(pack));
        if let Some(pack) = pack.as_ref().filter(|pack| !pack.is_dir()) {
            return Err(format!("`pack`: there is no folder {}", pack.display()));
        }
        Ok(Self { desk, pack, colors: colors(fields)? })
    }
}

const WRONG_ID: &str = "`id` is not of 2 to 32 small letters, digits and single hyphens, beginning with a letter, \
                        and not deskbell or deskbell-server";

/// Debian's rule for the names of packages, and more: it is a URL scheme, too.
fn is_id(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=32).contains(&id.len())
        && id.chars().all(plain)
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && !id.ends_with('-')
        && !id.contains("--")
        && !["deskbell", "deskbell-server"].contains(&id)
}

fn is_identifier(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    text.split('.').count() >= 2 && text.split('.').all(part) && text != "app.deskbell.desktop"
}

/// A text of one line, if the field is there.
fn words(
    fields: &BTreeMap<String, Json>,
    name: &str,
    most: usize,
) -> std::result::Result<Option<String>, String> {
    match fields.get(name) {
        None => Ok(None),
        Some(Json::Text(text)) if is_line(text, most) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` is no text of 1 to {most} characters in one line")),
    }
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.contains(char::is_control) && text.trim() == text
}

fn colors(fields: &BTreeMap<String, Json>) -> std::result::Result<BTreeMap<String, String>, String> {
    let colors = match fields.get("colors") {
        None => return Ok(BTreeMap::new()),
        Some(Json::Object(colors)) => colors,
        Some(_) => return Err("`colors` is no object of colours".to_owned()),
    };
    let color = |(name, color): (&String, &Json)| match color {
        _ if !COLORS.contains(&name.as_str()) => Err(format!("`colors` has {} alone", COLORS.join(" and "))),
        Json::Text(text) if is_color(text) => Ok((name.clone(), text.clone())),
        _ => Err(format!("`colors.{name}` is no colour such as #2f6f5e")),
    };
    if !colors.is_empty() && !colors.contains_key("accent") {
        return Err("`colors.accent` is missing".to_owned());
    }
    colors.iter().map(color).collect()
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMPS: &str = r##"{ "version": 1, "name": "Lamp & House", "id": "lamp-house", "icon": "deskbell.svg",
        "desk": "deskbell://join?host=desk.example:7717&site=main", "colors": { "accent": "#2f6f5e" } }"##;

    fn read(text: &str) -> std::result::Result<Brand, String> {
        Brand::from_text(text, &places::root().join("icons"))
    }

    #[test]
    fn a_brand_becomes_an_overlay_and_a_site_file() {
        let brand = read(LAMPS).unwrap();
        assert_eq!(brand.identifier, "app.deskbell.brand.lamp-house");
        assert_eq!(brand.summary, "Write to Lamp & House");
        let site = brand.site_json().unwrap();
        assert_eq!(
            site,
            "{\n  \"version\": 1,\n  \"id\": \"lamp-house\",\n  \"name\": \"Lamp & House\",\n  \"desk\": \
             \"deskbell://join?host=desk.example:7717&site=main\",\n  \"colors\": { \"accent\": \"#2f6f5e\" }\n}\n"
        );
        assert!(json::read(&site).is_ok());
        let overlay = brand.overlay(Path::new("/i"));
        assert!(json::read(&overlay).is_ok() && overlay.contains("\"/i/icon.png\""), "{overlay}");
        assert_eq!(Brand::own().site_json(), None);
    }

    /// crates/core/tests/editions.rs lets the program read the same file.
    #[test]
    fn the_example_makes_the_site_file_that_lies_beside_it() {
        let folder = places::root().join("packaging/example");
        let brand = Brand::read(&folder.join("brand.json")).unwrap();
        assert_eq!(brand.site_json(), fs::read_to_string(folder.join("site.json")).ok());
    }

    #[test]
    fn what_could_break_out_of_a_file_or_a_path_is_refused() {
        for (field, wrong) in [
            ("\"id\": \"lamp-house\"", "\"id\": \"../lamp\""),
            ("\"id\": \"lamp-house\"", "\"id\": \"deskbell\""),
            ("\"id\": \"lamp-house\"", "\"id\": \"lamp;rm\""),
            ("\"name\": \"Lamp & House\"", "\"name\": \"Lamp\\nExec=sh\""),
            ("\"name\": \"Lamp & House\"", "\"name\": 1"),
            ("\"icon\": \"deskbell.svg\"", "\"icon\": \"none.svg\""),
            ("\"icon\": \"deskbell.svg\"", "\"icon\": \"make.sh\""),
            ("\"version\": 1", "\"version\": 2"),
            ("deskbell://join?", "https://join?"),
            ("#2f6f5e", "red;"),
            ("accent", "accent_dark"),
            ("\"accent\"", "\"paper\": \"#000000\", \"accent\""),
            ("\"version\"", "\"strange\": 1, \"version\""),
            ("\"version\"", "\"identifier\": \"app.deskbell.desktop\", \"version\""),
            ("\"version\"", "\"pack\": \"none\", \"version\""),
        ] {
            let text = LAMPS.replace(field, wrong);
            assert_ne!(text, LAMPS);
            assert!(read(&text).is_err(), "{wrong}");
        }
    }
}
