//! A folder that a test writes.

use std::path::Path;

use deskbell_pack::{Flaw, Pack};
use tempfile::TempDir;

/// A folder of a test's own, gone with it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let place = self.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }

    pub(crate) fn read(&self) -> Result<Pack, Flaw> {
        Pack::read(self.path())
    }

    /// The sentence about the folder.
    pub(crate) fn sentence(&self) -> String {
        self.read().expect_err("the folder should be refused").to_string()
    }
}

/// The sentence about a folder with these files.
pub(crate) fn sentence(files: &[(&str, &str)]) -> String {
    Folder::with(files).sentence()
}

/// The least that a pack has.
pub(crate) const PACK_JSON: (&str, &str) = ("pack.json", r#"{"consultant": {"desktop": {"js": "form.js"}}}"#);
pub(crate) const FORM_JS: (&str, &str) = ("form.js", "CallGear.UI.registerViewController('consultant', f)");

/// A page in the style of those that companies have.
pub(crate) fn page(options: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head>\n<script>\n  var __cs = __cs || [];\n  __cs.push(['applyWidgetsOptions', {options}]);\n\
         </script>\n<script async src=\"https://vendor.example/loader.js\"></script>\n</head><body></body></html>\n"
    )
}
