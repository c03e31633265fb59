//! TLS that fails: never downgraded, and told apart.

use std::sync::Arc;

use agora_client::connection::{Config, Target};
use agora_client::{BaseUrl, CallError, Market, Message, PlainHttp, ReasonCode};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::listener::{Listener, quick};
use crate::server::Server;

fn over_https(server: &Server) -> Config {
    let url = format!("https://{}/stream", server.address());
    let target = Target::url(&url, None, PlainHttp::ThisMachine).unwrap();
    Config { timing: quick(), ..Config::new(target) }
}

/// TLS with a certificate that nobody else signed.
fn self_signed() -> TlsAcceptor {
    let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_told_as_such() {
    let server = Server::start().await;
    let mut listener = Listener::start(over_https(&server));
    // The client turns away in the middle of the handshake.
    assert!(self_signed().accept(server.accept_raw().await).await.is_err());
    let wait = listener.waiting().await;
    assert_eq!((wait.reason.code, wait.slow), (ReasonCode::TlsUnknownIssuer, true));
}

#[tokio::test]
async fn no_tls_behind_https_is_told_as_such() {
    let server = Server::start().await;
    let mut listener = Listener::start(over_https(&server));
    let mut socket = server.accept_raw().await;
    socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    let wait = listener.waiting().await;
    assert_eq!((wait.reason.code, wait.slow), (ReasonCode::TlsOther, true));
}

#[tokio::test]
async fn a_message_is_not_sent_to_a_market_that_nobody_vouches_for() {
    let server = Server::start().await;
    let base = BaseUrl::parse(&format!("https://{}/api", server.address())).unwrap();
    let market = Market::new(base, None).unwrap();
    let message = Message::from_json("{}").unwrap();
    let (result, _) = tokio::join!(market.broadcast(&message), async {
        self_signed().accept(server.accept_raw().await).await
    });
    let error = result.unwrap_err();
    let CallError::NotSent { reason } = &error else { panic!("{error}") };
    assert_eq!(reason.code, ReasonCode::TlsUnknownIssuer);
    assert!(!error.can_wait());
}
