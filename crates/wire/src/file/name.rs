//! Names of files: what a stranger called a file, made into something that shows what it is and harms nowhere.
//!
//! What must always hold: no path, nothing invisible, nothing that turns the direction of reading, no name that a system
//! keeps for itself; the extension at the end is the one by which a system would open the file. Tidy names stay as they
//! are when they are tidied again.

use super::kind::by_media;
use crate::limits::FILE_NAME_CHARS;

/// Of an extension that is one, with its dot.
const EXTENSION_CHARS: usize = 20;
/// File systems take 255 bytes; a save in progress adds some of its own.
const NAME_BYTES: usize = 240;

/// Names that Windows keeps for devices, with every extension.
const RESERVED: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// A name to show and to save under, from one that may be anything. `media` gives an extension to a name without one.
pub fn tidy_name(raw: &str, media: &str) -> String {
    let part = raw.rsplit(['/', '\\']).map(cleaned).find(|part| !part.is_empty());
    let mut name = part.unwrap_or_else(|| "file".to_owned());
    if extension(&name).is_none()
        && let Some(known) = by_media(media)
    {
        name = format!("{}.{}", cut(&name, EXTENSION_CHARS), known.extension);
    }
    if is_reserved(&name) {
        name.insert(0, '_');
    }
    fitted(&name)
}

/// The extension of a name, in lower case without the dot: what a system would open it by. `None`: none that is one.
pub fn extension(name: &str) -> Option<String> {
    let name = name.trim_end_matches(['.', ' ']);
    let (stem, extension) = name.rsplit_once('.')?;
    let is_one = !stem.is_empty()
        && extension.chars().count() < EXTENSION_CHARS
        && extension.chars().any(char::is_alphabetic)
        && extension.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '~' | '$' | '+' | '#'));
    is_one.then(|| extension.to_lowercase())
}

fn cleaned(part: &str) -> String {
    let seen = part.chars().filter_map(shown).collect::<String>();
    let words: Vec<&str> = seen.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").trim_matches(['.', ' ']).to_owned()
}

/// The character in a name; `None` for one that is not to be seen.
fn shown(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() || is_hidden(c) => None,
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
        c => Some(c),
    }
}

/// Turns the direction of reading, joins, or takes no room.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    let is_port = |stem: &str| {
        let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
        number.is_some_and(|number| {
            let mut digits = number.chars();
            matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    };
    RESERVED.contains(&stem.as_str()) || is_port(&stem)
}

/// Short enough, with its extension.
fn fitted(name: &str) -> String {
    let is_short = name.len() <= NAME_BYTES && name.chars().count() <= FILE_NAME_CHARS;
    match extension(name).and(name.rsplit_once('.')) {
        _ if is_short => name.to_owned(),
        Some((stem, extension)) => {
            let kept = extension.chars().count() + 1;
            let stem = cut_bytes(cut(stem, kept), NAME_BYTES - extension.len() - 1);
            format!("{}.{extension}", stem.trim_end_matches(['.', ' ']))
        }
        None => cut_bytes(cut(name, 0), NAME_BYTES).trim_end_matches(['.', ' ']).to_owned(),
    }
}

/// What of the name leaves room for so many characters more.
fn cut(name: &str, room: usize) -> &str {
    let end = name.char_indices().nth(FILE_NAME_CHARS - room).map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or(name)
}

fn cut_bytes(name: &str, bytes: usize) -> &str {
    let ends = name.char_indices().map(|(end, _)| end).chain([name.len()]);
    let end = ends.take_while(|end| *end <= bytes).last().unwrap_or(0);
    name.get(..end).unwrap_or(name)
}

/// A size in people's words, in units of 1,024: `24.5 KB`, in Russian `24,5 КБ`.
pub fn size_words(bytes: u64, ru: bool) -> String {
    let units = if ru { ["Б", "КБ", "МБ", "ГБ", "ТБ"] } else { ["B", "KB", "MB", "GB", "TB"] };
    let mut unit = 0;
    let mut tenths = u128::from(bytes) * 10;
    let mut scale = 1_u128;
    // 1,023.96 KB reads as 1 MB.
    while tenths >= 10_235 && unit + 1 < units.len() {
        unit += 1;
        scale *= 1_024;
        tenths = (u128::from(bytes) * 10 + scale / 2) / scale;
    }
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let word = units.get(unit).copied().unwrap_or_default();
    match (whole, tenth) {
        (100.., _) => format!("{} {word}", (tenths + 5) / 10),
        (_, 0) => format!("{whole} {word}"),
        _ => format!("{whole}{}{tenth} {word}", if ru { ',' } else { '.' }),
    }
}
