//! Who asks.
//!
//! What must always hold: whoever does not say who he is, or says it wrongly, hears the same (threats 1, 40).

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use deskbell_wire::{DeviceId, FileRefusal, Identity, Secret, SiteKey, VisitorId};

use super::{one, secret, uuid};

const DEVICE: HeaderName = HeaderName::from_static("deskbell-device");
const VISITOR: HeaderName = HeaderName::from_static("deskbell-visitor");

/// Who asks, as he says; the desk says whether it is so.
#[derive(Clone, Debug)]
pub(in crate::net::files) struct Claim {
    pub(in crate::net::files) who: Identity,
    pub(in crate::net::files) device: DeviceId,
}

/// Who asks. Without the visitor's header: an operator.
pub(in crate::net::files) fn claim(headers: &HeaderMap) -> Result<Claim, FileRefusal> {
    let token = one(headers, &AUTHORIZATION)?.and_then(bearer).ok_or(FileRefusal::Forbidden)?;
    let device = one(headers, &DEVICE)?.and_then(uuid).ok_or(FileRefusal::Forbidden)?;
    let who = match one(headers, &VISITOR)? {
        None => Identity::Operator { token },
        Some(value) => {
            let (site, visitor) = visitor(value).ok_or(FileRefusal::Forbidden)?;
            Identity::Visitor { site, visitor_id: visitor, token }
        }
    };
    Ok(Claim { who, device: DeviceId(device) })
}

fn bearer(value: &str) -> Option<Secret> {
    let (scheme, token) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    secret(token)
}

fn visitor(value: &str) -> Option<(SiteKey, VisitorId)> {
    let (site, visitor) = value.split_once('/')?;
    Some((site.parse().ok()?, VisitorId(uuid(visitor)?)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ID, TOKEN, of};
    use super::*;

    #[test]
    fn who_asks_is_said_in_one_way() {
        let (bearer, visitor) = (format!("Bearer {TOKEN}"), format!("main/{ID}"));
        let full = [("authorization", &*bearer), ("deskbell-device", ID), ("deskbell-visitor", &*visitor)];
        assert!(matches!(claim(&of(&full)).unwrap().who, Identity::Visitor { .. }));
        assert!(matches!(claim(&of(&full[..2])).unwrap().who, Identity::Operator { .. }));
        for (name, bad) in [
            ("authorization", ""),
            ("authorization", TOKEN),
            ("authorization", "Bearer "),
            ("authorization", "Basic YTpi"),
            ("authorization", &bearer.to_uppercase()),
            ("authorization", &format!("{bearer}0")),
            ("authorization", &format!("Bearer  {TOKEN}")),
            ("deskbell-device", "0f5c4ab68f0e4f1b9c116a3f0f6d2a01"),
            ("deskbell-device", "{0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01}"),
            ("deskbell-visitor", ID),
            ("deskbell-visitor", "Main/0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01"),
            ("deskbell-visitor", "main/main/0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01"),
        ] {
            let pairs = full.map(|(known, value)| if known == name { (known, bad) } else { (known, value) });
            assert_eq!(claim(&of(&pairs)).err(), Some(FileRefusal::Forbidden), "{name}: {bad}");
        }
        for n in 0..full.len() {
            let mut twice = full.to_vec();
            twice.push(full[n]);
            assert!(claim(&of(&twice)).is_err(), "{} twice", full[n].0);
        }
    }
}
