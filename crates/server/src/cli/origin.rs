//! A web origin as browsers write it: anything else would never be let in, and nobody would know why.

/// The origin, where it is one to the letter.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = rest.is_some_and(|rest| {
        let (host, port) = split(rest);
        is_host(host)
            && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port))
    });
    if fits {
        Ok(text.to_owned())
    } else {
        Err("an origin is https://host or https://host:port, in small letters, without a path".to_owned())
    }
}

/// Host and port; an IPv6 address stands in brackets.
fn split(rest: &str) -> (&str, Option<&str>) {
    let after_address = rest.find(']').map_or(0, |at| at + 1);
    let colon = rest.get(after_address..).and_then(|tail| tail.find(':')).map(|at| after_address + at);
    match colon.and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?))) {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    }
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            host.split('.').all(|part| !part.is_empty() && part.bytes().all(plain))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_15_only_what_a_browser_would_say_is_taken() {
        for good in
            ["https://desk.example", "http://localhost:5173", "https://a-b.example:8443", "http://[::1]:80"]
        {
            assert_eq!(parse(good), Ok(good.to_owned()));
        }
        for bad in [
            "nonsense",
            "*",
            "null",
            "desk.example",
            "https://",
            "https://desk.example/",
            "https://Desk.example",
            "https://desk.example:",
            "https://desk.example:99999",
            "https://desk.example:080",
            "https://a b",
            "https://user@desk.example",
            "ftp://desk.example",
            "https://[::1",
            "https://.example",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
