//! TLS to vendors: whom the hub believes who a vendor is, and the handshake on a new connection. A vendor that cannot show
//! who it is gets no request: a call that never left is told as such.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, io};

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The authorities whose certificates are believed.
#[derive(Clone)]
pub struct Trust(TlsConnector);

/// Why there is no such trust.
#[derive(Debug)]
pub enum TrustError {
    /// The file of an authority cannot be read, or holds no certificate.
    File(PathBuf, String),
    /// Neither the system nor a file names an authority.
    Nobody(String),
    /// TLS cannot be spoken.
    Tls(rustls::Error),
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, why) => write!(f, "`{}` is no file of certificates: {why}", path.display()),
            Self::Nobody(why) => write!(f, "the system names no certificate authority{why}"),
            Self::Tls(error) => write!(f, "TLS cannot be spoken: {error}"),
        }
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// The system's authorities (or those of the file that `SSL_CERT_FILE` names), and those of this PEM file.
    ///
    /// # Errors
    /// Where the file holds none, or there is none at all.
    pub fn new(more: Option<&Path>) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        if let Some(path) = more {
            let bad = |error: String| TrustError::File(path.to_owned(), error);
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| bad(told(error)))? {
                let certificate = certificate.map_err(|error| bad(told(error)))?;
                roots.add(certificate).map_err(|error| bad(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(bad("it holds none".to_owned()));
            }
        }
        let system = rustls_native_certs::load_native_certs();
        // Some system's stores hold certificates that nobody can read: those that can be are enough.
        roots.add_parsable_certificates(system.certs);
        if roots.is_empty() {
            let why = system.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
            return Err(TrustError::Nobody(why));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut config = config.map_err(TrustError::Tls)?.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Greets a vendor that must be called so.
    pub(super) async fn greet(&self, name: &ServerName<'static>, to: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.0.connect(name.clone(), to).await
    }
}

fn told(error: pem::Error) -> String {
    match error {
        pem::Error::Io(error) => error.to_string(),
        pem::Error::NoItemsFound => "it holds none".to_owned(),
        other => other.to_string(),
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_told_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("authority.pem");
        let told = |path: &Path| Trust::new(Some(path)).unwrap_err().to_string();
        assert!(told(&path).contains("authority.pem` is no file of certificates: No such file"), "{}", told(&path));
        for bad in ["", "no PEM\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&path, bad).unwrap();
            assert!(told(&path).contains("authority.pem` is no file of certificates"), "{}", told(&path));
        }
    }
}
