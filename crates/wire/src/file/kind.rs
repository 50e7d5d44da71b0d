//! The types that both ends know: an extension, its name on the wire, and what its bytes must be.

/// What a file is to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A picture of dots.
    Image,
    /// A PDF.
    Pdf,
    /// Plain text.
    Text,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// A text, a table or slides of an office program.
    Document,
    /// Files in a file.
    Archive,
    /// Anything else, and all that is dangerous.
    Other,
}

/// What is known of an extension.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) extension: &'static str,
    pub(super) media: &'static str,
    pub(super) kind: Kind,
    pub(super) bytes: Bytes,
}

/// What the first bytes of a file with that extension must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bytes {
    Picture,
    Pdf,
    /// Text, or nothing that is known as something else.
    Text,
    /// Sound or moving pictures, which share their containers; each has a mark.
    Reel,
    /// As above, but some begin without a mark.
    LooseReel,
    Zip,
    /// Zip, or the older container, in which encrypted ones are put.
    Office,
    /// The older container, or rich text under its name.
    OldOffice,
    RichText,
    Packed,
}

impl Bytes {
    /// May bytes that were recognised as that family, or not at all, be so named?
    pub(super) fn fits(self, found: Option<Family>) -> bool {
        match (self, found) {
            (Self::Text | Self::LooseReel, None) => true,
            (_, None) => false,
            (Self::Picture, Some(found)) => found == Family::Picture,
            (Self::Pdf, Some(found)) => found == Family::Pdf,
            (Self::Text, Some(found)) => found == Family::Text,
            (Self::Reel | Self::LooseReel, Some(found)) => found == Family::Reel,
            (Self::Zip, Some(found)) => found == Family::Zip,
            (Self::Office, Some(found)) => matches!(found, Family::Zip | Family::Ole),
            (Self::OldOffice, Some(found)) => matches!(found, Family::Zip | Family::Ole | Family::RichText),
            (Self::RichText, Some(found)) => matches!(found, Family::RichText | Family::Text),
            (Self::Packed, Some(found)) => matches!(found, Family::Packed | Family::Zip),
        }
    }
}

/// Formats that may be taken for one another without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Picture,
    Pdf,
    Text,
    Reel,
    Zip,
    Ole,
    RichText,
    Packed,
    /// The system would run it.
    Program,
}

const fn known(extension: &'static str, media: &'static str, kind: Kind, bytes: Bytes) -> Known {
    Known { extension, media, kind, bytes }
}

/// The first of a media is the extension that a name without one gets.
const KNOWN: &[Known] = &[
    known("png", "image/png", Kind::Image, Bytes::Picture),
    known("jpg", "image/jpeg", Kind::Image, Bytes::Picture),
    known("jpeg", "image/jpeg", Kind::Image, Bytes::Picture),
    known("jpe", "image/jpeg", Kind::Image, Bytes::Picture),
    known("jfif", "image/jpeg", Kind::Image, Bytes::Picture),
    known("gif", "image/gif", Kind::Image, Bytes::Picture),
    known("webp", "image/webp", Kind::Image, Bytes::Picture),
    known("bmp", "image/bmp", Kind::Image, Bytes::Picture),
    known("tif", "image/tiff", Kind::Image, Bytes::Picture),
    known("tiff", "image/tiff", Kind::Image, Bytes::Picture),
    known("heic", "image/heic", Kind::Image, Bytes::Picture),
    known("heif", "image/heic", Kind::Image, Bytes::Picture),
    known("avif", "image/avif", Kind::Image, Bytes::Picture),
    known("ico", "image/x-icon", Kind::Image, Bytes::Picture),
    known("psd", "image/vnd.adobe.photoshop", Kind::Document, Bytes::Picture),
    known("pdf", "application/pdf", Kind::Pdf, Bytes::Pdf),
    known("txt", "text/plain", Kind::Text, Bytes::Text),
    known("log", "text/plain", Kind::Text, Bytes::Text),
    known("md", "text/markdown", Kind::Text, Bytes::Text),
    known("json", "application/json", Kind::Text, Bytes::Text),
    known("yaml", "application/yaml", Kind::Text, Bytes::Text),
    known("yml", "application/yaml", Kind::Text, Bytes::Text),
    known("toml", "application/toml", Kind::Text, Bytes::Text),
    known("ini", "text/plain", Kind::Text, Bytes::Text),
    known("srt", "text/plain", Kind::Text, Bytes::Text),
    known("csv", "text/csv", Kind::Text, Bytes::Text),
    known("tsv", "text/tab-separated-values", Kind::Text, Bytes::Text),
    known("ics", "text/calendar", Kind::Document, Bytes::Text),
    known("vcf", "text/vcard", Kind::Document, Bytes::Text),
    known("eml", "message/rfc822", Kind::Document, Bytes::Text),
    known("mp3", "audio/mpeg", Kind::Audio, Bytes::LooseReel),
    known("m4a", "audio/mp4", Kind::Audio, Bytes::Reel),
    known("aac", "audio/aac", Kind::Audio, Bytes::LooseReel),
    known("ogg", "audio/ogg", Kind::Audio, Bytes::Reel),
    known("oga", "audio/ogg", Kind::Audio, Bytes::Reel),
    known("opus", "audio/ogg", Kind::Audio, Bytes::Reel),
    known("wav", "audio/wav", Kind::Audio, Bytes::Reel),
    known("flac", "audio/flac", Kind::Audio, Bytes::Reel),
    known("amr", "audio/amr", Kind::Audio, Bytes::Reel),
    known("mid", "audio/midi", Kind::Audio, Bytes::Reel),
    known("midi", "audio/midi", Kind::Audio, Bytes::Reel),
    known("mp4", "video/mp4", Kind::Video, Bytes::Reel),
    known("m4v", "video/mp4", Kind::Video, Bytes::Reel),
    known("mov", "video/quicktime", Kind::Video, Bytes::LooseReel),
    known("3gp", "video/3gpp", Kind::Video, Bytes::Reel),
    known("webm", "video/webm", Kind::Video, Bytes::Reel),
    known("mkv", "video/x-matroska", Kind::Video, Bytes::Reel),
    known("avi", "video/x-msvideo", Kind::Video, Bytes::Reel),
    known("wmv", "video/x-ms-wmv", Kind::Video, Bytes::Reel),
    known("mpg", "video/mpeg", Kind::Video, Bytes::LooseReel),
    known("mpeg", "video/mpeg", Kind::Video, Bytes::LooseReel),
    known("ogv", "video/ogg", Kind::Video, Bytes::Reel),
    known(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Kind::Document,
        Bytes::Office,
    ),
    known(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Kind::Document,
        Bytes::Office,
    ),
    known(
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Kind::Document,
        Bytes::Office,
    ),
    known("doc", "application/msword", Kind::Document, Bytes::OldOffice),
    known("xls", "application/vnd.ms-excel", Kind::Document, Bytes::OldOffice),
    known("ppt", "application/vnd.ms-powerpoint", Kind::Document, Bytes::OldOffice),
    known("odt", "application/vnd.oasis.opendocument.text", Kind::Document, Bytes::Zip),
    known("ods", "application/vnd.oasis.opendocument.spreadsheet", Kind::Document, Bytes::Zip),
    known("odp", "application/vnd.oasis.opendocument.presentation", Kind::Document, Bytes::Zip),
    known("rtf", "application/rtf", Kind::Document, Bytes::RichText),
    known("epub", "application/epub+zip", Kind::Document, Bytes::Zip),
    known("zip", "application/zip", Kind::Archive, Bytes::Zip),
    known("gz", "application/gzip", Kind::Archive, Bytes::Packed),
    known("tgz", "application/gzip", Kind::Archive, Bytes::Packed),
    known("bz2", "application/x-bzip2", Kind::Archive, Bytes::Packed),
    known("xz", "application/x-xz", Kind::Archive, Bytes::Packed),
    known("zst", "application/zstd", Kind::Archive, Bytes::Packed),
    known("7z", "application/x-7z-compressed", Kind::Archive, Bytes::Packed),
    known("rar", "application/vnd.rar", Kind::Archive, Bytes::Packed),
    known("tar", "application/x-tar", Kind::Archive, Bytes::Packed),
];

/// What a file of that type and name is to people. The extension says it; where it is unknown, the type.
pub fn kind_of(media: &str, name: &str) -> Kind {
    if super::danger::is_dangerous(name, media) {
        return Kind::Other;
    }
    match super::name::extension(name) {
        Some(extension) => by_extension(&extension).map_or(Kind::Other, |known| known.kind),
        None => by_media(media).map_or(Kind::Other, |known| known.kind),
    }
}

pub(super) fn by_extension(extension: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.extension == extension)
}

pub(super) fn by_media(media: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.media == media)
}

/// The extensions that both ends know and that are not dangerous, in the order of their kinds.
pub fn extensions() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|known| known.extension)
}
