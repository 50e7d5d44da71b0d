//! Whether others can reach the desk inside this program, and what to do about it.
//!
//! What must always hold: nobody outside of this computer is asked, and nothing is sent to anybody; so a firewall
//! between is named as what it is, something that only a try from another computer shows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

use deskbell_api::dto::{Locale, Problem, Reach, ReachAddress, ReachScope, Reachable};

use crate::arguments::Request;
use crate::shell::Shell;
use crate::texts::text;

/// How long one address may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks.
///
/// # Errors
/// `forbidden`: there is no desk here.
pub(crate) fn look(shell: &Shell) -> Result<Reach, Problem> {
    let listen = shell.desk()?.listens();
    let here: Vec<IpAddr> = if listen.ip().is_unspecified() { own_addresses() } else { vec![listen.ip()] };
    let tried: Vec<_> =
        here.into_iter().map(|ip| thread::spawn(move || tried(SocketAddr::new(ip, listen.port())))).collect();
    let addresses = tried.into_iter().filter_map(|one| one.join().ok()).collect();
    Ok(advised(listen, addresses, &own_place(shell.request()), shell.locale()))
}

fn tried(address: SocketAddr) -> ReachAddress {
    ReachAddress { address: address.to_string(), reachable: answers(address), scope: scope(address.ip()) }
}

/// Does anybody take a connection there?
pub(crate) fn answers(address: SocketAddr) -> Reachable {
    match TcpStream::connect_timeout(&address, PATIENCE) {
        Ok(_) => Reachable::Yes,
        Err(error) if error.kind() == std::io::ErrorKind::TimedOut => Reachable::Unknown,
        Err(_) => Reachable::No,
    }
}

/// The addresses that this computer would use towards others. Nothing is sent: the system only says which.
fn own_addresses() -> Vec<IpAddr> {
    let towards = |from: IpAddr, to: IpAddr| {
        let socket = UdpSocket::bind((from, 0)).ok()?;
        // An address that is kept for examples.
        socket.connect((to, 9)).ok()?;
        socket.local_addr().ok().map(|address| address.ip())
    };
    let v4 = towards(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(192, 0, 2, 1).into());
    let v6 = towards(Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into());
    let mut all: Vec<_> = [v4, v6].into_iter().flatten().filter(|ip| !ip.is_loopback()).collect();
    all.push(Ipv4Addr::LOCALHOST.into());
    all
}

fn scope(ip: IpAddr) -> ReachScope {
    let near = match ip.to_canonical() {
        ip if ip.is_loopback() => return ReachScope::Computer,
        // 100.64.0.0/10 is what providers put many customers behind.
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_private() || v4.is_link_local() || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    if near { ReachScope::Network } else { ReachScope::Internet }
}

/// What a command needs to start this very desk and no new one; empty for the usual profile.
fn own_place(request: &Request) -> String {
    let profile = (request.profile != request.face.word()).then(|| format!(" --profile {}", request.profile));
    let data = request.data.as_ref().map(|folder| format!(" --data \"{}\"", folder.display()));
    [profile, data].into_iter().flatten().collect()
}

fn advised(listen: SocketAddr, addresses: Vec<ReachAddress>, place: &str, locale: Locale) -> Reach {
    let say = |key: &str, address: &str| {
        let words = text(key, locale).replace("{port}", &listen.port().to_string());
        words.replace("{address}", address).replace("{place}", place)
    };
    let outward = addresses.iter().find(|one| one.scope != ReachScope::Computer);
    let advice = match outward {
        _ if listen.ip().is_loopback() => vec![say("reach_local", "")],
        None => vec![say("reach_no_network", "")],
        Some(one) if one.reachable != Reachable::Yes => vec![say("reach_silent", &one.address)],
        Some(one) => {
            let outside = if one.scope == ReachScope::Network { "reach_router" } else { "reach_public" };
            vec![say("reach_firewall", &one.address), say(outside, &one.address)]
        }
    };
    Reach { listen: listen.to_string(), addresses, advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_for_this_computer_its_network_or_everybody() {
        for (ip, expected) in [
            ("127.0.0.1", ReachScope::Computer),
            ("::1", ReachScope::Computer),
            ("::ffff:127.0.0.1", ReachScope::Computer),
            ("192.168.1.5", ReachScope::Network),
            ("169.254.0.1", ReachScope::Network),
            ("100.64.0.1", ReachScope::Network),
            ("fe80::1", ReachScope::Network),
            ("fd00::1", ReachScope::Network),
            ("100.128.0.1", ReachScope::Internet),
            ("8.8.8.8", ReachScope::Internet),
            ("2a00::1", ReachScope::Internet),
        ] {
            assert_eq!(scope(ip.parse().unwrap()), expected, "{ip}");
        }
    }

    #[test]
    fn who_listens_is_found_and_who_does_not_is_not() {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        assert_eq!(answers(address), Reachable::Yes);
        drop(listener);
        assert_eq!(answers(address), Reachable::No);
    }

    #[test]
    fn the_advice_says_what_stands_between() {
        let advice = |listen: &str, addresses: &[(&str, Reachable)]| {
            let addresses = addresses
                .iter()
                .map(|(address, reachable)| {
                    let at: SocketAddr = address.parse().unwrap();
                    ReachAddress { reachable: *reachable, ..tried_never(at) }
                })
                .collect();
            advised(listen.parse().unwrap(), addresses, " --profile shop", Locale::En).advice
        };
        let alone = advice("127.0.0.1:7717", &[("127.0.0.1:7717", Reachable::Yes)]);
        assert!(alone.len() == 1 && alone[0].contains("--listen 0.0.0.0:7717"), "{alone:?}");
        assert!(alone[0].contains("operator --profile shop --host"), "{alone:?}");
        let network = advice("0.0.0.0:7717", &[("192.168.1.5:7717", Reachable::Yes)]);
        assert!(network[0].contains("7717") && network[1].contains("192.168.1.5:7717"), "{network:?}");
        let silent = advice("0.0.0.0:7717", &[("192.168.1.5:7717", Reachable::No)]);
        assert_eq!(silent.len(), 1);
        assert_eq!(advice("0.0.0.0:7717", &[("127.0.0.1:7717", Reachable::Yes)]).len(), 1);
    }

    fn tried_never(address: SocketAddr) -> ReachAddress {
        let (reachable, scope) = (Reachable::Unknown, scope(address.ip()));
        ReachAddress { address: address.to_string(), reachable, scope }
    }
}
