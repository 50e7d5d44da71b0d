//! A link from outside: `deskbell://join?…`, `deskbell://chat?visitor=…`, `deskbell://invitation`.
//!
//! Why so strict: any web page can hand one over. What must always hold: a link is one of three wishes or nothing;
//! reading it changes nothing, and no part of a link that was refused is ever repeated to the person (threats 31).

use deskbell_wire::{BadLink, JoinLink, VisitorId};

/// A link is never longer, in characters.
pub const DEEP_LINK_CHARS: usize = 2_048;

/// The scheme that every Deskbell knows. A company's own edition knows one more.
pub const SCHEME: &str = "deskbell";

/// What a link wishes for. The person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeepLink {
    /// To go to a desk.
    Join(JoinLink),
    /// To see this visitor's chat; `None`: the visitor's own.
    Chat(Option<VisitorId>),
    /// To see the invitation that waits.
    Invitation,
}

/// Why a text is no [`DeepLink`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDeepLink {
    /// Longer than [`DEEP_LINK_CHARS`].
    #[error("the link is longer than {DEEP_LINK_CHARS} characters")]
    TooLong,
    /// Of another scheme.
    #[error("the link is not one of this program's")]
    Foreign,
    /// One of ours that leads to nothing that this version knows.
    #[error("the link leads to nothing that this version knows")]
    Unknown,
    /// Something that no link of ours has: a name in front of the host, a fragment, a key twice or never heard of.
    #[error("the link has parts that no link of this program has")]
    Shape,
    /// The visitor is named by something else than an id.
    #[error("the link names no visitor")]
    Visitor,
    /// The desk that it names is none.
    #[error(transparent)]
    Desk(#[from] BadLink),
}

impl DeepLink {
    /// Reads a link as the system handed it over. `own` is the edition's own scheme, where it has one.
    ///
    /// # Errors
    /// Whatever is not exactly one of the three.
    pub fn read(text: &str, own: Option<&str>) -> Result<Self, BadDeepLink> {
        let text = text.trim();
        if text.chars().nth(DEEP_LINK_CHARS).is_some() {
            return Err(BadDeepLink::TooLong);
        }
        let (place, query) = place_and_query(after_scheme(text, own)?)?;
        match place {
            "join" => join(query),
            "chat" => chat(query),
            "invitation" if query.is_empty() => Ok(Self::Invitation),
            "invitation" => Err(BadDeepLink::Shape),
            _ => Err(BadDeepLink::Unknown),
        }
    }
}

/// Reads what a person pasted or typed as a desk's address: a link, the text of a QR code, or `desk.example:7717`.
/// What mail programs and chats put around a link is taken off, and the line breaks inside it.
///
/// # Errors
/// Whatever leads to no desk.
pub fn read_desk(text: &str, own: Option<&str>) -> Result<JoinLink, BadDeepLink> {
    if text.chars().nth(DEEP_LINK_CHARS).is_some() {
        return Err(BadDeepLink::TooLong);
    }
    let text = unwrapped(text);
    if !text.contains("://") {
        return Ok(text.parse()?);
    }
    let whole: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match DeepLink::read(&whole, own)? {
        DeepLink::Join(link) => Ok(link),
        DeepLink::Chat(_) | DeepLink::Invitation => Err(BadDeepLink::Unknown),
    }
}

/// Without space, quotes and brackets around it.
fn unwrapped(text: &str) -> &str {
    let around = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '“' | '”' | '«' | '»' | '\u{feff}')
    };
    text.trim_matches(around)
}

fn after_scheme<'t>(text: &'t str, own: Option<&str>) -> Result<&'t str, BadDeepLink> {
    let (scheme, rest) = text.split_once("://").ok_or(BadDeepLink::Foreign)?;
    let known = |name: &str| scheme.eq_ignore_ascii_case(name);
    if known(SCHEME) || own.is_some_and(known) { Ok(rest) } else { Err(BadDeepLink::Foreign) }
}

/// Browsers write a `/` behind a host that has no path.
fn place_and_query(rest: &str) -> Result<(&str, &str), BadDeepLink> {
    if !rest.bytes().all(|byte| byte.is_ascii_graphic()) || rest.contains(['@', '#', '\\', '<', '>', '"']) {
        return Err(BadDeepLink::Shape);
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    Ok((place.strip_suffix('/').unwrap_or(place), query))
}

fn join(query: &str) -> Result<DeepLink, BadDeepLink> {
    let [host, pin, site] = values(query, ["host", "pin", "site"])?;
    let host = host.ok_or(BadDeepLink::Desk(BadLink::Shape))?;
    let mut link = format!("{SCHEME}://join?host={host}");
    for (name, value) in [("pin", pin), ("site", site)] {
        if let Some(value) = value {
            link.push_str(&format!("&{name}={value}"));
        }
    }
    Ok(DeepLink::Join(link.parse()?))
}

fn chat(query: &str) -> Result<DeepLink, BadDeepLink> {
    let [visitor] = values(query, ["visitor"])?;
    let Some(visitor) = visitor else { return Ok(DeepLink::Chat(None)) };
    let id: VisitorId = visitor.parse().map_err(|_| BadDeepLink::Visitor)?;
    // The library knows more ways to write an id than links do.
    let is_plain = id.to_string().eq_ignore_ascii_case(&visitor);
    if is_plain { Ok(DeepLink::Chat(Some(id))) } else { Err(BadDeepLink::Visitor) }
}

/// The values of these keys, each named at most once, and none beside them.
fn values<const N: usize>(query: &str, keys: [&str; N]) -> Result<[Option<String>; N], BadDeepLink> {
    let mut values = [const { None }; N];
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').ok_or(BadDeepLink::Shape)?;
        let place = keys.iter().position(|known| *known == key).ok_or(BadDeepLink::Shape)?;
        match values.get_mut(place) {
            Some(slot @ None) => *slot = Some(decoded(value)?),
            _ => return Err(BadDeepLink::Shape),
        }
    }
    Ok(values)
}

/// What browsers write as `%5B` comes back; nothing that would begin a further part does.
fn decoded(value: &str) -> Result<String, BadDeepLink> {
    let mut pieces = value.split('%');
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2).ok_or(BadDeepLink::Shape)?;
        match digits.to_ascii_uppercase().as_str() {
            "3A" => decoded.push(':'),
            "5B" => decoded.push('['),
            "5D" => decoded.push(']'),
            _ => return Err(BadDeepLink::Shape),
        }
        decoded.push_str(rest);
    }
    Ok(decoded)
}
