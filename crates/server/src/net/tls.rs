//! The desk's certificate: given, or made by the desk and pinned by its clients (threats 17).

use std::path::Path;
use std::sync::Arc;

use deskbell_wire::Pin;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;

use crate::error::DeskError;

/// A certificate's chain and its key.
pub(crate) struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// Reads PEM files.
pub(crate) fn from_files(certificate: &Path, key: &Path) -> Result<Certificate, DeskError> {
    let bad = |what: &str, error: rustls::pki_types::pem::Error| {
        DeskError::Certificate(format!("{what} cannot be read ({error})"))
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad("the certificate's file", error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| bad("the key's file", error))?;
    if chain.is_empty() {
        return Err(DeskError::Certificate("its file holds none".to_owned()));
    }
    Ok(Certificate { chain, key })
}

/// What the desk made for itself, as it was kept.
pub(crate) fn from_kept((certificate, key): (Vec<u8>, Vec<u8>)) -> Certificate {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    Certificate { chain: vec![CertificateDer::from(certificate)], key }
}

/// Makes a certificate for `host`: DER, and its key as PKCS #8. Clients know it by its key, not by its signer.
pub(crate) fn make(host: &str) -> Result<(Vec<u8>, Vec<u8>), DeskError> {
    let bad = |error: rcgen::Error| DeskError::Certificate(error.to_string());
    let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]).map_err(bad)?;
    Ok((made.cert.der().to_vec(), made.signing_key.serialize_der()))
}

/// What the accept loop needs, and what clients pin: SHA-256 of the key's SubjectPublicKeyInfo.
pub(crate) fn acceptor(certificate: Certificate) -> Result<(TlsAcceptor, Pin), DeskError> {
    let bad = |error: rustls::Error| DeskError::Certificate(error.to_string());
    let provider = Arc::new(ring::default_provider());
    let certified = CertifiedKey::from_der(certificate.chain, certificate.key, &provider).map_err(bad)?;
    let spki = certified
        .key
        .public_key()
        .ok_or_else(|| DeskError::Certificate("its key does not tell its public half".to_owned()))?;
    let pin = Pin(Sha256::digest(spki.as_ref()).into());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(bad)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(certified)));
    Ok((TlsAcceptor::from(Arc::new(config)), pin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_17_the_pin_is_the_keys_and_survives_being_kept() {
        let kept = make("desk.example").unwrap();
        let (_, pin) = acceptor(from_kept(kept.clone())).unwrap();
        let (_, again) = acceptor(from_kept(kept)).unwrap();
        let (_, other) = acceptor(from_kept(make("desk.example").unwrap())).unwrap();
        assert_eq!(pin, again);
        assert_ne!(pin, other);
    }
}
