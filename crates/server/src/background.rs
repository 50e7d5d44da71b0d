//! The runtime of the sockets. It may be started and dropped anywhere, also on a thread of another runtime, where
//! blocking is not allowed: the app that hosts a desk has one of its own.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::actor::{COMPARING, MAILING};
use crate::error::DeskError;

/// Threads for sockets: the desk's own thread is the one that has work.
const WORKERS: usize = 2;
/// Connections that the system holds until they are accepted.
const BACKLOG: u32 = 4_096;

/// The runtime; ends when it is dropped, without waiting.
pub(crate) struct Background(Option<Runtime>);

impl Background {
    pub(crate) fn start() -> Result<Self, DeskError> {
        let mut builder = Builder::new_multi_thread();
        builder
            .worker_threads(WORKERS)
            .thread_name("desk-io")
            .enable_all()
            .max_blocking_threads(COMPARING + MAILING);
        builder.build().map(|runtime| Self(Some(runtime))).map_err(DeskError::system)
    }

    pub(crate) fn handle(&self) -> Result<Handle, DeskError> {
        self.0.as_ref().map(|runtime| runtime.handle().clone()).ok_or(DeskError::Stopped)
    }

    pub(crate) fn listen(&self, address: SocketAddr) -> io::Result<TcpListener> {
        let _inside = self.0.as_ref().map(Runtime::enter);
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A desk that starts again must not wait for the last one's connections to be forgotten.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
