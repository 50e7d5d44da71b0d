//! How a desk is set up.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use deskbell_wire::join::DEFAULT_PORT;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::desk::Pace;
use crate::store::FaultHook;

/// A desk before it starts.
#[derive(Clone)]
pub struct DeskOptions {
    /// The folder of the database; `None` keeps everything in memory.
    pub data: Option<PathBuf>,
    /// The database's key, raw; `None` leaves it unencrypted. Not used in memory.
    pub key: Option<Zeroizing<[u8; 32]>>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How connections are encrypted.
    pub tls: Tls,
    /// The name or address by which clients reach the desk, where it is not the one it listens on.
    pub public_host: Option<String>,
    /// Values of `Origin` that may connect from a browser. The apps send none.
    pub origins: Vec<String>,
    /// How much anybody may take.
    pub limits: DeskLimits,
    /// S2. Switched off only by a test that wants to see its own check fail.
    #[doc(hidden)]
    pub dedup: bool,
    /// Makes commits fail in tests.
    #[doc(hidden)]
    pub faults: Option<FaultHook>,
    /// What time it is; set forward by tests.
    #[doc(hidden)]
    pub clock: Clock,
}

/// How connections are encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// On loopback not at all; elsewhere with a certificate that the desk makes and keeps in its database.
    #[default]
    Own,
    /// With this certificate, on loopback, too.
    Files {
        /// The chain, PEM.
        certificate: PathBuf,
        /// The private key, PEM.
        key: PathBuf,
    },
}

/// How much anybody may take before the desk says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskLimits {
    /// Connections at once; further ones are closed unheard.
    pub sockets: usize,
    /// Connections of one address (IPv6: one /64) that have not said who they are.
    pub strangers_per_address: usize,
    /// The same for this very computer.
    pub strangers_on_loopback: usize,
    /// Devices of one visitor that are connected at once.
    pub visitor_devices: usize,
    /// Devices of one operator that are connected at once.
    pub operator_devices: usize,
    /// Entries of one visitor.
    pub visitor_entries: Pace,
    /// Entries of one operator.
    pub operator_entries: Pace,
    /// Entries of all visitors of one address (IPv6: one /64).
    pub address_entries: Pace,
    /// Questions of one visitor.
    pub visitor_asks: Pace,
    /// Questions of one operator.
    pub operator_asks: Pace,
    /// Parts of packs that one visitor asks for, of at most 32 KiB. A pack of the largest size fits into the burst.
    pub visitor_parts: Pace,
    /// Parts of packs that all visitors of one address (IPv6: one /64) ask for.
    pub address_parts: Pace,
    /// Frames of one visitor's connection; a faster one is read more slowly.
    pub visitor_frames: Pace,
    /// Frames of one operator's connection; a faster one is read more slowly.
    pub operator_frames: Pace,
    /// Visitors that register from one address (IPv6: one /64).
    pub registrations: Pace,
    /// Tries to sign in, per account and per address.
    pub sign_ins: Pace,
    /// Tries from an address from which that operator has signed in before.
    pub known_sign_ins: Pace,
    /// Tries with a one-time code from one address (IPv6: one /64). See `desk/link_codes.rs` for what a guess is worth.
    pub redeems: Pace,
    /// One-time codes that visitors of one address (IPv6: one /64) make.
    pub link_codes: Pace,
    /// Uploads that one person begins.
    pub uploads: Pace,
    /// Uploads that all visitors of one address (IPv6: one /64) begin.
    pub address_uploads: Pace,
    /// Files of one person that are under way, or wait for their message.
    pub open_files: usize,
    /// Connections of one visitor, or of one operator's session, that carry files at once.
    pub file_connections: usize,
    /// Requests about files, of one visitor or of one operator's session; who asks faster is served more slowly.
    pub file_requests: Pace,
    /// Milliseconds for which a file that is sent or fetched may stand still.
    pub file_stall_ms: u64,
    /// Milliseconds after which it is asked again whether somebody may still have what he fetches, or send what he
    /// sends.
    pub file_ask_ms: u64,
    /// Bytes that files leave free on the desk's disk.
    pub file_reserve_bytes: u64,
    /// Milliseconds for a request's header.
    pub header_ms: u64,
    /// Milliseconds for the TLS handshake.
    pub handshake_ms: u64,
    /// Milliseconds for `hello` or `sign_in`.
    pub hello_ms: u64,
    /// Milliseconds without a frame after which a connection is dead.
    pub idle_ms: u64,
    /// Milliseconds for which a connection's queue may be full (S7).
    pub slow_ms: u64,
    /// Events queued for one connection (S7).
    pub queue_events: usize,
    /// Bytes queued for one connection (S7).
    pub queue_bytes: usize,
}

impl Default for DeskOptions {
    fn default() -> Self {
        Self {
            data: None,
            key: None,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), DEFAULT_PORT),
            tls: Tls::default(),
            public_host: None,
            origins: Vec::new(),
            limits: DeskLimits::default(),
            dedup: true,
            faults: None,
            clock: Clock::default(),
        }
    }
}

impl Default for DeskLimits {
    fn default() -> Self {
        Self {
            sockets: 19_000,
            strangers_per_address: 10,
            strangers_on_loopback: 200,
            visitor_devices: 3,
            operator_devices: 5,
            visitor_entries: Pace::new(10, 1_000),
            operator_entries: Pace::new(50, 200),
            address_entries: Pace::new(200, 50),
            visitor_asks: Pace::new(10, 1_000),
            operator_asks: Pace::new(50, 200),
            visitor_parts: Pace::new(600, 20),
            address_parts: Pace::new(20_000, 5),
            visitor_frames: Pace::new(200, 20),
            operator_frames: Pace::new(2_000, 2),
            registrations: Pace::new(100, 1_000),
            sign_ins: Pace::new(5, 300_000),
            known_sign_ins: Pace::new(20, 60_000),
            redeems: Pace::new(5, 300_000),
            link_codes: Pace::new(20, 30_000),
            uploads: Pace::new(60, 1_000),
            address_uploads: Pace::new(600, 100),
            open_files: 20,
            file_connections: 8,
            file_requests: Pace::new(300, 20),
            file_stall_ms: 30_000,
            file_ask_ms: 1_000,
            file_reserve_bytes: 512 * 1024 * 1024,
            header_ms: 5_000,
            handshake_ms: 5_000,
            hello_ms: deskbell_wire::limits::HELLO_MS,
            idle_ms: 75_000,
            slow_ms: 15_000,
            queue_events: deskbell_wire::limits::QUEUE_EVENTS,
            queue_bytes: deskbell_wire::limits::QUEUE_BYTES,
        }
    }
}

impl DeskLimits {
    /// Without limits on how fast anybody goes: for benchmarks and for tests of endurance. Bounds of memory stay.
    pub fn unpaced() -> Self {
        Self {
            strangers_on_loopback: usize::MAX,
            visitor_entries: Pace::OFF,
            operator_entries: Pace::OFF,
            address_entries: Pace::OFF,
            visitor_asks: Pace::OFF,
            operator_asks: Pace::OFF,
            visitor_parts: Pace::OFF,
            address_parts: Pace::OFF,
            visitor_frames: Pace::OFF,
            operator_frames: Pace::OFF,
            registrations: Pace::OFF,
            uploads: Pace::OFF,
            file_requests: Pace::OFF,
            address_uploads: Pace::OFF,
            ..Self::default()
        }
    }
}

impl fmt::Debug for DeskOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeskOptions")
            .field("data", &self.data)
            .field("encrypted", &self.key.is_some())
            .field("listen", &self.listen)
            .field("tls", &self.tls)
            .field("public_host", &self.public_host)
            .finish_non_exhaustive()
    }
}
