//! A server whose certificate is its own authority's, as `openssl req -x509` makes it.

use std::io::Write;
use std::sync::Arc;

use agora_client::ReasonCode;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, GeneralSubtree, IsCa, KeyPair, NameConstraints,
    date_time_ymd,
};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::environment::{Authority, Client, wait};
use crate::server::{STREAM, Server};

/// A certificate that signed itself and may sign others, in a file, and a server that has it.
struct Own {
    file: NamedTempFile,
    acceptor: TlsAcceptor,
}

impl Own {
    fn new(name: &str, change: fn(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::OrganizationName, "own");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(certificate.pem().as_bytes()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        Self { file, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }

    /// What a client comes to that trusts this one, or another.
    async fn result(&self, trusted: &NamedTempFile) -> String {
        let server = Server::start().await;
        let url = format!("https://{}/stream", server.address());
        let client = Client::start(&url, &[("SSL_CERT_FILE", trusted.path().as_os_str())]);
        let accepted = self.acceptor.accept(server.accept_raw().await).await;
        let mut open = None;
        if let Ok(mut stream) = accepted {
            stream.write_all(format!("{STREAM}data: secure\n\n").as_bytes()).await.unwrap();
            open = Some(stream);
        }
        let result = client.result().await;
        drop(open);
        result
    }

    async fn result_trusted(&self) -> String {
        self.result(&self.file).await
    }
}

#[tokio::test]
async fn one_that_the_system_trusts_is_accepted() {
    let own = Own::new("127.0.0.1", |_| {});
    assert_eq!(own.result_trusted().await, "event secure");
    let no_authority = Own::new("127.0.0.1", |params| params.is_ca = IsCa::NoCa);
    assert_eq!(no_authority.result_trusted().await, "event secure");
}

#[tokio::test]
async fn one_that_it_doesnt_trust_is_not_whatever_else_it_trusts() {
    let own = Own::new("127.0.0.1", |_| {});
    // The same name, another key.
    let namesake = Own::new("127.0.0.1", |_| {});
    assert_eq!(own.result(&namesake.file).await, wait(ReasonCode::TlsUnknownIssuer, true));
    // One that a trusted authority signed, and that may sign others itself.
    let authority = Authority::new("ours");
    let signed = authority.acceptor("127.0.0.1", |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    });
    let signed = Own { acceptor: signed, file: NamedTempFile::new().unwrap() };
    let (_, trusted) = authority.trusted();
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&std::fs::read(trusted).unwrap()).unwrap();
    assert_eq!(signed.result(&file).await, wait(ReasonCode::TlsUnknownIssuer, true));
}

#[tokio::test]
async fn one_that_is_trusted_still_needs_its_time_and_its_name() {
    let expired = Own::new("127.0.0.1", |params| params.not_after = date_time_ymd(2020, 1, 1));
    let early = Own::new("127.0.0.1", |params| params.not_before = date_time_ymd(2400, 1, 1));
    let wrong_name = Own::new("market.example", |_| {});
    let constrained = Own::new("127.0.0.1", |params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("market.example".to_owned())],
            excluded_subtrees: Vec::new(),
        });
    });
    for (own, code) in [
        (expired, ReasonCode::TlsExpired),
        (early, ReasonCode::TlsNotYetValid),
        (wrong_name, ReasonCode::TlsWrongName),
        (constrained, ReasonCode::TlsUnknownIssuer),
    ] {
        assert_eq!(own.result_trusted().await, wait(code, true), "{code:?}");
    }
}
