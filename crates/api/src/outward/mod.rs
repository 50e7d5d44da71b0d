//! The gate for links: the one place that decides whether something outside the program may be opened.
//!
//! Why in here: a link comes from a company's form or from a stranger's message, and the system's opener starts
//! whatever a scheme names. What must always hold: nothing but `http`, `https` and `mailto` passes; what is opened is
//! what was shown, in letters that cannot be mistaken for others.

mod pace;
#[cfg(test)]
mod tests;

use deskbell_wire::is_email;
use url::{Host, Url};

pub use pace::Pace;

/// The longest link, in bytes.
const LINK_BYTES: usize = 2_048;
/// What of a letter a link may begin.
const LETTER_KEYS: [&str; 2] = ["subject", "body"];

/// A link that may be opened, once the person has seen where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outward {
    url: String,
    place: String,
}

/// It must not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl Outward {
    /// Reads a link as it stands in a page.
    ///
    /// # Errors
    /// [`Refused`]: another scheme, no host, a name or password in front of the host, a letter that is not seen or
    /// turns the direction of writing, something that is no link, or more than 2,048 bytes.
    pub fn read(text: &str) -> Result<Self, Refused> {
        if text.len() > LINK_BYTES || text.chars().any(is_hidden) {
            return Err(Refused);
        }
        let url = Url::parse(text).map_err(|_| Refused)?;
        match url.scheme() {
            "http" | "https" => Self::of_site(&url),
            "mailto" => Self::of_letter(&url),
            _ => Err(Refused),
        }
    }

    /// What the system's opener is given: ASCII, without spaces, quotes or a backslash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it leads, for the person who decides: a host (in Punycode) with its port where it has one of its own, or
    /// an e-mail address.
    pub fn place(&self) -> &str {
        &self.place
    }

    fn of_site(url: &Url) -> Result<Self, Refused> {
        let named = match url.host() {
            Some(Host::Domain(name)) => is_plain(name),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
            None => false,
        };
        if !named || !url.username().is_empty() || url.password().is_some() {
            return Err(Refused);
        }
        let host = url.host_str().ok_or(Refused)?;
        let place = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self { url: escaped(url.as_str()), place })
    }

    /// One addressee, a subject and a text: other headers could attach the person's files or address others.
    fn of_letter(url: &Url) -> Result<Self, Refused> {
        let place = url.path();
        if !is_email(place) || !place.is_ascii() || place.contains(['%', '?', '&', '/']) {
            return Err(Refused);
        }
        let wanted = |key: &str| LETTER_KEYS.iter().any(|known| key.eq_ignore_ascii_case(known));
        let fields: Vec<&str> = (url.query().unwrap_or_default().split('&'))
            .filter(|field| field.split_once('=').is_some_and(|(key, _)| wanted(key)))
            .collect();
        let query = if fields.is_empty() { String::new() } else { format!("?{}", fields.join("&")) };
        Ok(Self { url: escaped(&format!("mailto:{place}{query}")), place: place.to_owned() })
    }
}

/// What a host may consist of once it is in Punycode; also: names that end in a dot are somebody's trick.
fn is_plain(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    host.split('.').all(label)
}

/// Letters that nobody sees, that turn the direction of writing, or that end a line.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// A parser of URLs leaves some characters as they are that a command line or a mail program may take for its own.
fn escaped(url: &str) -> String {
    let mut safe = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&()*+,;=%".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}
