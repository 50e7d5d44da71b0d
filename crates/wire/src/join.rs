//! Where a desk is and how it is known: the link that a desk shows and an app takes.
//!
//! `deskbell://join?host=desk.example:7717&pin=<64 hex>&site=main`. What must always hold: a link only fills in;
//! opening one never acts by itself.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{SiteKey, parse_hex};

/// The port of a desk that names none.
pub const DEFAULT_PORT: u16 = 7717;
/// A link is never longer, in bytes.
pub const LINK_BYTES: usize = 512;

/// SHA-256 of a certificate's SubjectPublicKeyInfo.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pin(pub [u8; 32]);

/// Where a desk is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JoinLink {
    /// A name or an address; IPv6 without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The desk's key; without one the desk's certificate must be signed by a public authority.
    pub pin: Option<Pin>,
    /// Which site of the desk.
    pub site: SiteKey,
}

/// Why a text is no [`JoinLink`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// Empty, too long, or with characters that no address has.
    #[error("this is neither a deskbell:// link nor an address such as desk.example:7717")]
    Shape,
    /// A port that is none.
    #[error("the port is not a number from 1 to 65535")]
    Port,
    /// A pin that is none.
    #[error("the pin is not 64 hexadecimal digits")]
    Pin,
    /// A site key that is none.
    #[error("the site's key has 1 to 64 of a-z, 0-9 and -")]
    Site,
}

impl JoinLink {
    /// The desk on this very computer: plain WebSocket is allowed there and nowhere else.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// `host:port`, with brackets round an IPv6 address.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for JoinLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "deskbell://join?host={}", self.authority())?;
        if let Some(pin) = self.pin {
            write!(f, "&pin={}", pin.to_hex())?;
        }
        write!(f, "&site={}", self.site)
    }
}

impl FromStr for JoinLink {
    type Err = BadLink;

    fn from_str(text: &str) -> Result<Self, BadLink> {
        let text = text.trim();
        if text.is_empty() || text.len() > LINK_BYTES {
            return Err(BadLink::Shape);
        }
        match text.strip_prefix("deskbell://join?").or_else(|| text.strip_prefix("deskbell://join/?")) {
            Some(query) => from_query(query),
            None => from_address(text),
        }
    }
}

impl TryFrom<String> for JoinLink {
    type Error = BadLink;
    fn try_from(text: String) -> Result<Self, BadLink> {
        text.parse()
    }
}

impl From<JoinLink> for String {
    fn from(link: JoinLink) -> Self {
        link.to_string()
    }
}

impl Pin {
    /// 64 digits.
    pub fn to_hex(self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin({})", self.to_hex())
    }
}

impl TryFrom<String> for Pin {
    type Error = BadLink;
    fn try_from(text: String) -> Result<Self, BadLink> {
        parse_hex(&text).map(Self).ok_or(BadLink::Pin)
    }
}

impl From<Pin> for String {
    fn from(pin: Pin) -> Self {
        pin.to_hex()
    }
}

fn from_query(query: &str) -> Result<JoinLink, BadLink> {
    let (mut host, mut pin, mut site) = (None, None, SiteKey::main());
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or(BadLink::Shape)?;
        match name {
            "host" => host = Some(split_authority(value)?),
            "pin" => pin = Some(Pin::try_from(value.to_owned())?),
            "site" => site = value.parse().map_err(|_| BadLink::Site)?,
            _ => {}
        }
    }
    let (host, port) = host.ok_or(BadLink::Shape)?;
    Ok(JoinLink { host, port, pin, site })
}

fn from_address(text: &str) -> Result<JoinLink, BadLink> {
    let (host, port) = split_authority(text)?;
    Ok(JoinLink { host, port, pin: None, site: SiteKey::main() })
}

fn split_authority(text: &str) -> Result<(String, u16), BadLink> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or(BadLink::Shape)?;
        host.parse::<std::net::Ipv6Addr>().map_err(|_| BadLink::Shape)?;
        (host, port.strip_prefix(':'))
    } else {
        match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    let port = match port {
        None | Some("") => DEFAULT_PORT,
        Some(digits) => digits.parse().ok().filter(|port| *port != 0).ok_or(BadLink::Port)?,
    };
    if text.starts_with('[') || is_host(host) { Ok((host.to_owned(), port)) } else { Err(BadLink::Shape) }
}

fn is_host(text: &str) -> bool {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_survives_its_text() {
        for text in [
            "deskbell://join?host=desk.example:7717&site=main",
            "deskbell://join?host=[::1]:9000&site=shop-2",
            &format!("deskbell://join?host=10.0.0.5:443&pin={}&site=main", "0f".repeat(32)),
        ] {
            let link: JoinLink = text.parse().unwrap();
            assert_eq!(link.to_string(), text);
        }
    }

    #[test]
    fn an_address_is_enough() {
        let link: JoinLink = " 127.0.0.1 ".parse().unwrap();
        assert_eq!((link.authority().as_str(), link.is_loopback()), ("127.0.0.1:7717", true));
    }

    #[test]
    fn threats_31_what_is_no_address_is_refused() {
        let long = format!("deskbell://join?host={}", "a".repeat(10_000));
        for text in
            ["", "http://x", "a b", "x:0", "x:99999", "-a", "a/../b", "deskbell://join?host=", "[1]:2", &long]
        {
            assert!(text.parse::<JoinLink>().is_err(), "{text}");
        }
        assert_eq!("deskbell://join?host=a&pin=12".parse::<JoinLink>(), Err(BadLink::Pin));
    }
}
