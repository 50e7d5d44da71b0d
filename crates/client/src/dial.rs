//! From a link to a line or an open WebSocket: TCP, TLS where the desk is not on this computer, upgrade.

use std::sync::Arc;

use deskbell_core::Closed;
use deskbell_wire::JoinLink;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::pin::PinnedKey;

/// Plain or encrypted.
pub(crate) trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

pub(crate) async fn dial(
    link: &JoinLink,
    config: WebSocketConfig,
) -> Result<WebSocketStream<Box<dyn Line>>, Closed> {
    let line = line(link).await?;
    let address = format!("ws://{}/v1/ws", link.authority());
    let (socket, _) =
        client_async_with_config(address, line, Some(config)).await.map_err(|_| Closed::NotADesk)?;
    Ok(socket)
}

/// A line to the desk, on which nothing was said yet.
pub(crate) async fn line(link: &JoinLink) -> Result<Box<dyn Line>, Closed> {
    let tcp = TcpStream::connect((link.host.as_str(), link.port)).await.map_err(|_| Closed::Unreachable)?;
    tcp.set_nodelay(true).map_err(|_| Closed::Unreachable)?;
    // Without a pin a desk on this very computer is spoken to in the clear; nothing else ever is.
    let plain = link.is_loopback() && link.pin.is_none();
    Ok(if plain { Box::new(tcp) } else { Box::new(encrypt(link, tcp).await?) })
}

async fn encrypt(link: &JoinLink, tcp: TcpStream) -> Result<impl Line + use<>, Closed> {
    let name = ServerName::try_from(link.host.clone()).map_err(|_| Closed::Unreachable)?;
    let config = tls_config(link).map_err(|_| Closed::Certificate)?;
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await.map_err(|error| how_tls_failed(&error))
}

fn tls_config(link: &JoinLink) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    Ok(match link.pin {
        Some(pin) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(PinnedKey::new(pin, provider)))
            .with_no_client_auth(),
        None => {
            let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            builder.with_root_certificates(roots).with_no_client_auth()
        }
    })
}

fn how_tls_failed(error: &std::io::Error) -> Closed {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::InvalidCertRevocationList(_)) => {
            Closed::Certificate
        }
        Some(_) => Closed::NotADesk,
        None => Closed::Unreachable,
    }
}
