//! Encrypted lines, by the key that the join link names.

use std::sync::Arc;

use deskbell_server::{DeskOptions, start};
use deskbell_wire::*;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;

use super::*;
use crate::common::{device, hello, token, visitor};

#[tokio::test(flavor = "multi_thread")]
async fn threats_17_elsewhere_than_on_loopback_everything_is_encrypted_and_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().join("data"));
    let anywhere = || DeskOptions { listen: "0.0.0.0:0".parse().unwrap(), data: data.clone(), ..unpaced() };
    let desk = start(anywhere()).unwrap();
    let link = desk.join_link(&SiteKey::main());
    let port = desk.address().port();
    assert_eq!((link.port, link.pin.is_some()), (port, true));
    // In plain text there is nothing to talk to.
    let mut plain = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    plain.write_all(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert!(!String::from_utf8_lossy(&closed(&mut plain).await).contains("HTTP"));
    let pinned = Arc::new(Pinned::default());
    let tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let tls = tokio_rustls::TlsConnector::from(Arc::new(trusting(pinned.clone())));
    let stream = tls.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
    let (socket, _) = client_async(format!("wss://localhost:{port}/v1/ws"), stream).await.unwrap();
    let mut client = Client(socket);
    client.say(&ClientFrame::Hello(hello(visitor(1), device(1), token(1)))).await;
    assert!(matches!(client.hear().await, Some(DeskFrame::Welcome(_))));
    let seen = pinned.0.lock().unwrap().take().unwrap();
    let spki = link.pin.unwrap();
    assert!(holds_key_of(&seen, &spki), "the pin is that of the certificate that was shown");
    desk.stop();
    let again = start(anywhere()).unwrap();
    assert_eq!(again.join_link(&SiteKey::main()).pin, link.pin, "the same key after a restart");
}

/// Does some part of the certificate, as a whole DER element, hash to the pin?
fn holds_key_of(certificate: &[u8], pin: &Pin) -> bool {
    use sha2::{Digest as _, Sha256};
    (0..certificate.len()).filter(|at| certificate[*at] == 0x30).any(|at| {
        let rest = &certificate[at..];
        let length = match rest.get(1) {
            Some(short @ 0..=0x7f) => 2 + usize::from(*short),
            Some(0x81) => 3 + usize::from(rest[2]),
            Some(0x82) => 4 + usize::from(rest[2]) * 256 + usize::from(rest[3]),
            _ => return false,
        };
        rest.get(..length).is_some_and(|element| Sha256::digest(element).as_slice() == pin.0)
    })
}

/// Trusts everybody, and remembers whom.
#[derive(Debug, Default)]
struct Pinned(std::sync::Mutex<Option<Vec<u8>>>);

fn trusting(verifier: Arc<Pinned>) -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth()
}

impl rustls::client::danger::ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &rustls::pki_types::CertificateDer<'_>,
        _: &[rustls::pki_types::CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap() = Some(end_entity.to_vec());
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
