//! A pack: its files, and what they say about one another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use crate::files::Files;
use crate::flaw::{Flaw, FlawKind, Place};
use crate::mapping::{self, Kind, Named, PACK_JSON};
use crate::page::{self, PageScript, Pages};
use crate::settings::{self, SETTINGS_JSON};
use crate::template::{Compiled, compile};
use crate::text::{place_of, shortened};
use crate::{archive, folder, media_type, path};

/// The most bytes of one template: compiled it takes many times as much.
const TEMPLATE_BYTES: usize = 2 * 1024 * 1024;
/// The most bytes of all settings together: they go to the page as one value.
const SETTINGS_BYTES: usize = 2 * 1024 * 1024;

/// A company's chat form: view controllers, templates, styles and settings.
///
/// What of a folder is no part of a pack: names that begin with a dot, and `node_modules`. What is refused: names that
/// another system cannot have or takes for another file's, links that lead out of the folder or to a folder, and what
/// is no plain file. A link to a file inside the folder is that file once more.
pub struct Pack {
    files: Files,
    options: Option<Value>,
    trusted: Vec<String>,
    pages: Pages,
    settings: BTreeMap<String, Value>,
    /// The files that are named: where first.
    named: BTreeMap<String, (String, usize)>,
    digest: OnceLock<String>,
}

impl Pack {
    /// Reads a folder, and checks everything that can be checked without running it.
    ///
    /// # Errors
    /// The first flaw: of the folder, of what says which files there are, of settings, of templates.
    pub fn read(folder: &Path) -> Result<Self, Flaw> {
        Self::of(folder::read(folder)?)
    }

    /// Reads an archive, with the same checks; nothing is unpacked to the disk.
    ///
    /// # Errors
    /// As [`Pack::read`], and for bytes that are not exactly what [`Pack::to_archive`] makes.
    pub fn from_archive(bytes: &[u8]) -> Result<Self, Flaw> {
        Self::of(archive::opened(bytes)?)
    }

    fn of(files: Files) -> Result<Self, Flaw> {
        let mut pack = Self {
            files,
            options: None,
            trusted: Vec::new(),
            pages: Pages::default(),
            settings: BTreeMap::new(),
            named: BTreeMap::new(),
            digest: OnceLock::new(),
        };
        let named = pack.map()?;
        pack.set()?;
        pack.check(&named)?;
        for (file, named) in named {
            pack.named.entry(named.path).or_insert((file, named.at));
        }
        Ok(pack)
    }

    /// The files that are named, as far as they are there: templates must compile, and everything should be UTF-8.
    fn check(&mut self, named: &[(String, Named)]) -> Result<(), Flaw> {
        let seen: BTreeSet<(&str, Kind)> =
            named.iter().map(|(_, named)| (named.path.as_str(), named.kind)).collect();
        for (path, kind) in seen {
            match (self.files.text(path), kind) {
                (Some(_), Kind::Template) => drop(self.template(path)?),
                // A browser puts another sign for what is none, and goes on.
                (Some(Err(flaw)), _) => self.pages.warnings.push(flaw),
                _ => {}
            }
        }
        Ok(())
    }

    /// What says which files there are.
    fn map(&mut self) -> Result<Vec<(String, Named)>, Flaw> {
        let Some(text) = self.files.text(PACK_JSON).transpose()? else { return self.map_pages() };
        let mapping = mapping::read(text)?;
        if let Some(named) = mapping.named.iter().find(|named| self.files.get(&named.path).is_none()) {
            let kind = FlawKind::Missing(shortened(&named.written));
            return Err(Flaw { file: PACK_JSON.to_owned(), place: Some(place_of(text, named.at)), kind });
        }
        self.options = mapping.options;
        self.trusted = mapping.trusted;
        if self.options.is_none() {
            return self.map_pages();
        }
        Ok(mapping.named.into_iter().map(|named| (PACK_JSON.to_owned(), named)).collect())
    }

    /// What the pages say.
    fn map_pages(&mut self) -> Result<Vec<(String, Named)>, Flaw> {
        self.pages = page::read(&self.files)?;
        if self.pages.scripts.is_empty() {
            return Err(Flaw { file: String::new(), place: None, kind: FlawKind::NoMapping });
        }
        Ok(std::mem::take(&mut self.pages.named))
    }

    /// The settings.
    fn set(&mut self) -> Result<(), Flaw> {
        let mut bytes = 0;
        for (file, _) in self.files.iter().filter(|(file, _)| path::name_of(file) == SETTINGS_JSON) {
            let text = self.files.text(file).transpose()?.unwrap_or_default();
            bytes += text.len();
            if bytes > SETTINGS_BYTES {
                let kind = FlawKind::TooLarge(SETTINGS_BYTES as u64);
                return Err(Flaw { file: file.to_owned(), place: None, kind });
            }
            self.settings.insert(path::folder_of(file).to_owned(), settings::read(file, text)?);
        }
        Ok(())
    }

    /// The pack as one file: the same bytes for the same files.
    pub fn to_archive(&self) -> Vec<u8> {
        archive::written(&self.files)
    }

    /// SHA-256 of [`Pack::to_archive`]: 64 lower-case hexadecimal digits.
    pub fn digest(&self) -> String {
        self.digest.get_or_init(|| archive::digest(&self.to_archive())).clone()
    }

    /// `pack.json` in the shape of `applyWidgetsOptions`, without `trusted_html`; `None` where pages say it.
    pub fn options(&self) -> Option<&Value> {
        self.options.as_ref()
    }

    /// Without a `pack.json`: the scripts that say which files there are, in the order in which they count.
    pub fn pages(&self) -> Vec<PageScript> {
        self.pages.scripts.iter().map(|(script, _)| script.clone()).collect()
    }

    /// The text of one of [`Pack::pages`], with its lines and columns in the page.
    pub fn page_script(&self, page: &str, number: usize) -> Option<String> {
        let (script, text) =
            self.pages.scripts.iter().find(|(script, _)| script.page == page && script.number == number)?;
        Some(text.padded(self.files.text(&script.file)?.ok()?))
    }

    /// Every `settings.json`, by its folder; the pack's own folder is the empty one.
    pub fn settings(&self) -> &BTreeMap<String, Value> {
        &self.settings
    }

    /// The paths of settings (such as `chat.title`) whose texts are the company's own HTML.
    pub fn trusted(&self) -> &[String] {
        &self.trusted
    }

    /// How many files there are, and their bytes together.
    pub fn size(&self) -> (usize, u64) {
        (self.files.len(), self.files.bytes())
    }

    /// A file by its path. Any text may be asked for: what is no path of a file in the pack has none.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path)
    }

    /// The media type of a file with this path. A pack's HTML is plain text: it is never a document of its own.
    pub fn media_type(path: &str) -> &'static str {
        media_type::by_ending(path)
    }

    /// The template with this path, compiled.
    ///
    /// # Errors
    /// [`FlawKind::Missing`], [`FlawKind::NotText`], [`FlawKind::TooLarge`], or [`FlawKind::Template`] with the place in
    /// the template.
    pub fn template(&self, path: &str) -> Result<Compiled, Flaw> {
        let text = self.files.text(path).ok_or_else(|| self.missing(path))??;
        if text.len() > TEMPLATE_BYTES {
            let kind = FlawKind::TooLarge(TEMPLATE_BYTES as u64);
            return Err(Flaw { file: path.to_owned(), place: None, kind });
        }
        compile(text).map_err(|(place, what)| Flaw {
            file: path.to_owned(),
            place: Some(place),
            kind: FlawKind::Template(what),
        })
    }

    /// A file that is not there, said of whoever names it.
    fn missing(&self, path: &str) -> Flaw {
        let (file, place) = self.named_at(path).unzip();
        Flaw { file: file.unwrap_or_default(), place, kind: FlawKind::Missing(shortened(path)) }
    }

    /// The path inside a pack that its `pack.json` names by this text; `None`: it leads elsewhere.
    pub fn path_of(written: &str) -> Option<String> {
        match path::resolve("", written) {
            path::Target::Inside(path) => Some(path),
            _ => None,
        }
    }

    /// Which file names this path first, and where.
    pub fn named_at(&self, path: &str) -> Option<(String, Place)> {
        let (file, at) = self.named.get(&*path::composed(path))?;
        Some((file.clone(), place_of(self.files.text(file)?.ok()?, *at)))
    }

    /// What a person should look at though it may be right: paths in an `index.html` that are not in the pack, and
    /// scripts and styles that are not UTF-8.
    pub fn warnings(&self) -> Vec<Flaw> {
        self.pages.warnings.clone()
    }
}

/// Neither names nor contents of files.
impl fmt::Debug for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (files, bytes) = (self.files.len(), self.files.bytes());
        f.debug_struct("Pack").field("files", &files).field("bytes", &bytes).finish_non_exhaustive()
    }
}
