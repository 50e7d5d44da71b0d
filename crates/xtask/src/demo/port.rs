//! Where the demo's desk listens.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::stop::{Result, Stop};

/// The desk's usual port.
const USUAL: u16 = 7717;
/// How many ports are tried.
const TRIES: u16 = 20;

/// The usual port, or the next that is free.
pub(crate) fn choose() -> Result<SocketAddr> {
    let ports = USUAL..USUAL + TRIES;
    let address = first_free(ports).ok_or_else(|| {
        Stop::because(format!(
            "The ports {USUAL} to {} are all in use; end one of the programs there.",
            USUAL + TRIES - 1
        ))
    })?;
    if address.port() != USUAL {
        println!("Port {USUAL} is in use (another demo, or a desk); this one takes {}.", address.port());
    }
    Ok(address)
}

fn first_free(mut ports: std::ops::Range<u16>) -> Option<SocketAddr> {
    ports.find_map(|port| {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        TcpListener::bind(address).ok().map(|_| address)
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
    fn a_port_in_use_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(answers(taken.local_addr().unwrap()));
        assert_eq!(first_free(port..port + 1), None);
        let next = first_free(port..port.saturating_add(50)).unwrap();
        assert!(next.port() > port);
    }
}
