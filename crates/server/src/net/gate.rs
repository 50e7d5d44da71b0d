//! Who may knock: caps on sockets, and which `Host` and `Origin` a request may carry.
//!
//! What must always hold: a stranger counts until it has said who it is; a page of a foreign site never gets a
//! socket (threats 15), under whatever name it calls this computer (threats 16).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

use crate::desk::Origin;
use crate::options::DeskLimits;

/// Counts sockets.
pub(crate) struct Gate {
    sockets: usize,
    per_address: usize,
    on_loopback: usize,
    open: AtomicUsize,
    strangers: Mutex<HashMap<Origin, usize>>,
    names: Names,
}

/// Which names requests may use.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) public_host: Option<String>,
    pub(crate) origins: Vec<String>,
}

/// A socket that is counted until this is dropped.
pub(crate) struct Place(Arc<Gate>);

/// A socket without a person, counted for its address until this is dropped.
pub(crate) struct Stranger {
    gate: Arc<Gate>,
    origin: Origin,
}

impl Gate {
    pub(crate) fn new(limits: &DeskLimits, names: Names) -> Arc<Self> {
        Arc::new(Self {
            sockets: limits.sockets,
            per_address: limits.strangers_per_address,
            on_loopback: limits.strangers_on_loopback,
            open: AtomicUsize::new(0),
            strangers: Mutex::default(),
            names,
        })
    }

    /// Lets a socket in, if there is room for it.
    pub(crate) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<(Place, Stranger)> {
        let room = |open: usize| (open < self.sockets).then_some(open + 1);
        self.open.fetch_update(Ordering::AcqRel, Ordering::Acquire, room).ok()?;
        let place = Place(self.clone());
        let origin = Origin::of(address);
        let most = if address.to_canonical().is_loopback() { self.on_loopback } else { self.per_address };
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let count = strangers.entry(origin).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(strangers);
        Some((place, Stranger { gate: self.clone(), origin }))
    }

    /// May a request with these headers come in?
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        self.names.host_is_ours(headers) && self.names.origin_is_ours(headers)
    }
}

impl Names {
    fn host_is_ours(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(Ok(host)), None) = (hosts.next().map(|value| value.to_str()), hosts.next()) else {
            return false;
        };
        let name = name_of(host);
        let public = self.public_host.as_deref().is_some_and(|public| public.eq_ignore_ascii_case(name));
        public || name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
    }

    fn origin_is_ours(&self, headers: &HeaderMap) -> bool {
        headers.get_all(ORIGIN).iter().all(|origin| {
            origin.to_str().is_ok_and(|origin| self.origins.iter().any(|allowed| allowed == origin))
        })
    }
}

/// The host without its port and brackets.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, _)) => name,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut strangers = self.gate.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = strangers.get_mut(&self.origin) {
            *count -= 1;
            if *count == 0 {
                strangers.remove(&self.origin);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn threats_15_an_origin_must_be_on_the_list_to_the_letter() {
        let origins = vec!["https://desk.example".to_owned()];
        let names = Names { public_host: None, origins };
        let admits = |origin| names.origin_is_ours(&headers(&[("origin", origin)]));
        assert!(names.origin_is_ours(&headers(&[])) && admits("https://desk.example"));
        for evil in [
            "null",
            "",
            "http://desk.example",
            "https://desk.example.evil",
            "https://evil",
            "https://desk.example/",
        ] {
            assert!(!admits(evil), "{evil}");
        }
        let two = headers(&[("origin", "https://desk.example"), ("origin", "https://evil")]);
        assert!(!names.origin_is_ours(&two));
    }

    #[test]
    fn threats_16_a_name_that_was_bound_to_us_is_not_ours() {
        let names = Names { public_host: Some("desk.example".into()), origins: vec![] };
        let admits = |host| names.host_is_ours(&headers(&[("host", host)]));
        for good in
            ["127.0.0.1:7717", "localhost", "LOCALHOST:1", "[::1]:7717", "10.0.0.1", "Desk.Example:443"]
        {
            assert!(admits(good), "{good}");
        }
        for bad in
            ["evil.example", "evil.example:7717", "desk.example.evil", "localhost.evil", "127.0.0.1.evil", ""]
        {
            assert!(!admits(bad), "{bad}");
        }
        assert!(!names.host_is_ours(&headers(&[])));
        assert!(!names.host_is_ours(&headers(&[("host", "localhost"), ("host", "evil")])));
    }

    #[test]
    fn threats_19_strangers_are_counted_per_address_and_per_64() {
        let limits = DeskLimits { strangers_per_address: 2, sockets: 5, ..DeskLimits::default() };
        let gate = Gate::new(&limits, Names::default());
        let at = |text: &str| gate.admit(text.parse().unwrap());
        let (one, two) = (at("2001:db8::1"), at("2001:db8::2"));
        assert!(one.is_some() && two.is_some() && at("2001:db8::3").is_none());
        assert!(at("2001:db8:0:1::3").is_some(), "and dropped again");
        let (place, stranger) = one.unwrap();
        drop(stranger);
        assert!(at("2001:db8::3").is_some(), "who has said who he is counts no more");
        let full: Vec<_> = (1..=3).map(|n| at(&format!("10.0.0.{n}"))).collect();
        assert!(full.iter().all(Option::is_some) && at("10.0.0.9").is_none(), "no more sockets at all");
        drop(place);
        assert!(at("10.0.0.9").is_some());
    }
}
