//! What a file is on a page.

use deskbell_wire::FileCard;
use deskbell_wire::file::{Kind, kind_of, opening};

use crate::dto::{FileKind, FileView, Locale, Opening, Preview, Transfer};
use crate::problem::sentence;

/// Pictures that the preview's process reads.
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];
const PDF: &str = "application/pdf";

/// A file on a line. `key` names it; `transfer` is how it goes on.
pub(crate) fn view(card: &FileCard, key: String, transfer: Option<Transfer>, here: bool) -> FileView {
    let FileCard { name, size, media, .. } = card;
    FileView {
        key,
        name: name.clone(),
        size: *size,
        media: media.clone(),
        kind: kind(kind_of(media, name)),
        opening: match opening(name, media) {
            deskbell_wire::file::Opening::Plain => Opening::Plain,
            deskbell_wire::file::Opening::Warn => Opening::Warn,
            deskbell_wire::file::Opening::Never => Opening::Never,
        },
        preview: preview(media, name),
        transfer,
        here,
    }
}

/// What an alert says of a message: its words, or its file's name.
pub(crate) fn words(text: &str, file: Option<&FileCard>, locale: Locale) -> String {
    match file {
        Some(card) if text.trim().is_empty() => sentence("file_words", locale).replace("{name}", &card.name),
        _ => text.to_owned(),
    }
}

/// What it is for people.
pub(crate) fn kind(kind: Kind) -> FileKind {
    match kind {
        Kind::Image => FileKind::Image,
        Kind::Pdf => FileKind::Pdf,
        Kind::Text => FileKind::Text,
        Kind::Audio => FileKind::Audio,
        Kind::Video => FileKind::Video,
        Kind::Document => FileKind::Document,
        Kind::Archive => FileKind::Archive,
        Kind::Other => FileKind::Other,
    }
}

/// What can be shown of it.
pub(crate) fn preview(media: &str, name: &str) -> Preview {
    if media == PDF || PICTURES.contains(&media) {
        return Preview::Picture;
    }
    if kind_of(media, name) == Kind::Text { Preview::Words } else { Preview::None }
}
