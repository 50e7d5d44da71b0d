//! A desk is known by its key: the certificate must carry exactly the pinned one (threats 17).
//!
//! What must always hold: the handshake's signature is checked with that very key, so a copied certificate is no use;
//! names and dates do not count, the key is the identity.

use std::fmt;
use std::sync::Arc;

use deskbell_wire::Pin;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest, Sha256};

/// Accepts one key.
pub(crate) struct PinnedKey {
    pin: Pin,
    provider: Arc<CryptoProvider>,
}

impl PinnedKey {
    pub(crate) fn new(pin: Pin, provider: Arc<CryptoProvider>) -> Self {
        Self { pin, provider }
    }
}

impl fmt::Debug for PinnedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinnedKey({:?})", self.pin)
    }
}

impl ServerCertVerifier for PinnedKey {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let bad = || Error::InvalidCertificate(CertificateError::BadEncoding);
        let certificate = webpki::EndEntityCert::try_from(end_entity).map_err(|_| bad())?;
        let digest = Sha256::digest(certificate.subject_public_key_info());
        if digest.as_slice() == self.pin.0 {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{KeyPair, PublicKeyData, generate_simple_self_signed};

    use super::*;

    fn verify(pin: Pin, der: &CertificateDer<'_>) -> Result<ServerCertVerified, Error> {
        let verifier = PinnedKey::new(pin, Arc::new(rustls::crypto::ring::default_provider()));
        let name = ServerName::try_from("desk.example").unwrap();
        verifier.verify_server_cert(der, &[], &name, &[], UnixTime::now())
    }

    fn pin_of(key: &KeyPair) -> Pin {
        Pin(Sha256::digest(key.subject_public_key_info()).into())
    }

    #[test]
    fn threats_17_the_pinned_key_and_no_other() {
        let desk = generate_simple_self_signed(["desk.example".to_owned()]).unwrap();
        let other = generate_simple_self_signed(["desk.example".to_owned()]).unwrap();
        let pin = pin_of(&desk.signing_key);
        assert!(verify(pin, desk.cert.der()).is_ok());
        assert!(verify(pin, other.cert.der()).is_err());
        assert!(verify(pin, &CertificateDer::from(vec![0x30, 0])).is_err());
    }
}
