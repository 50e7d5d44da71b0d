//! Where the demo's desk listens.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::stop::{Result, Stop};

/// The desk's usual port.
const USUAL: u16 = 7717;
/// How many ports are tried.
const TRIES: u16 = 20;

/// The address at which the conversation began, for the visitor's history belongs to it; otherwise the usual port, or
/// the next that is free.
pub(crate) fn choose(before: Option<SocketAddr>) -> Result<SocketAddr> {
    if let Some(before) = before.filter(|before| is_free(*before)) {
        return Ok(before);
    }
    let address = first_free(USUAL..USUAL + TRIES).ok_or_else(|| {
        Stop::because(format!(
            "The ports {USUAL} to {} are all in use; end one of the programs there.",
            USUAL + TRIES - 1
        ))
    })?;
    let wanted = before.map_or(USUAL, |before| before.port());
    if address.port() != wanted {
        println!("Port {wanted} is in use (another demo, or a desk); this one takes {}.", address.port());
    }
    if before.is_some() {
        println!(
            "The visitor is somebody else at another address, so that window shows another conversation this time."
        );
    }
    Ok(address)
}

fn is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}

fn first_free(mut ports: std::ops::Range<u16>) -> Option<SocketAddr> {
    ports.find_map(|port| {
        Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).filter(|address| is_free(*address))
    })
}

/// Does somebody answer there?
pub(crate) fn answers(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, Duration::from_millis(250)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_the_first_time_comes_first() {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        assert_eq!(choose(Some(free)), Ok(free));
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = taken.local_addr().unwrap();
        assert_ne!(choose(Some(address)), Ok(address));
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(answers(taken.local_addr().unwrap()));
        assert_eq!(first_free(port..port + 1), None);
        let next = first_free(port..port.saturating_add(50)).unwrap();
        assert!(next.port() > port);
    }
}
