//! What the environment sets: proxies, and the certificates that are trusted. A test that needs an
//! environment of its own runs its client in a second process, which is this program once more.

use std::ffi::OsStr;
use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;

use agora_client::connection::{Config, ConnectionStatus, Stop, Target, Update};
use agora_client::{PlainHttp, ReasonCode, Token};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::listener::{Listener, quick};
use crate::server::{Exchange, STREAM, Server};

/// The stream's URL, for the second process.
const URL: &str = "CLIENT_TEST_URL";

/// What the second process prints before what its connection came to.
const RESULT: &str = "came to ";

/// And before why, in words.
const BECAUSE: &str = "because ";

/// The client of the tests below; by itself it does nothing.
#[tokio::test]
async fn second_process() {
    let Ok(url) = std::env::var(URL) else { return };
    let token = Token::parse("secret-token").unwrap();
    let target = Target::url(&url, Some(token), PlainHttp::Anywhere).unwrap();
    let mut listener = Listener::start(Config { timing: quick(), ..Config::new(target) });
    let result = loop {
        match listener.next().await {
            Update::Event(event) => break format!("event {}", event.data),
            Update::Status(ConnectionStatus::Waiting { reason, slow, .. }) => {
                writeln!(std::io::stderr(), "{BECAUSE}{reason}").unwrap();
                break wait(reason.code, slow);
            }
            Update::Status(ConnectionStatus::Stopped(stop)) => break format!("{stop:?}"),
            _ => {}
        }
    };
    // Past the test's own capture.
    writeln!(std::io::stderr(), "{RESULT}{result}").unwrap();
}

pub(crate) fn wait(code: ReasonCode, slow: bool) -> String {
    format!("{code:?} slow={slow}")
}

/// A client in a process of its own, for one URL.
pub(crate) struct Client(Child);

impl Client {
    pub(crate) fn start(url: &str, environment: &[(&str, &OsStr)]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "environment::second_process", "--nocapture"]);
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env(URL, url).envs(environment.iter().copied());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Self(command.spawn().unwrap())
    }

    /// What its connection came to.
    pub(crate) async fn result(self) -> String {
        self.said(RESULT).await
    }

    /// What it printed behind these words.
    async fn said(self, words: &str) -> String {
        let output = self.0.wait_with_output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let result = said.lines().find_map(|line| line.split_once(words)).map(|(_, rest)| rest);
        result.unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

/// An authority of our own, and its certificate in a file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: NamedTempFile,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::OrganizationName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(issuer.pem().as_bytes()).unwrap();
        Self { issuer, file }
    }

    /// Whoever gets this trusts the authority, and no other.
    pub(crate) fn trusted(&self) -> (&'static str, &OsStr) {
        ("SSL_CERT_FILE", self.file.path().as_os_str())
    }

    /// A server's TLS with a certificate for `name` that `change` has made otherwise.
    pub(crate) fn acceptor(&self, name: &str, change: fn(&mut CertificateParams)) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// What a client that trusts `trusted` comes to at a server with this TLS.
async fn tls_result(trusted: &Authority, acceptor: TlsAcceptor) -> String {
    let server = Server::start().await;
    let url = format!("https://{}/stream", server.address());
    let client = Client::start(&url, &[trusted.trusted()]);
    if let Ok(mut stream) = acceptor.accept(server.accept_raw().await).await {
        stream.write_all(format!("{STREAM}data: secure\n\n").as_bytes()).await.unwrap();
        let result = client.result().await;
        // Held until here, so that the end of the stream isn't what it comes to.
        drop(stream);
        return result;
    }
    client.result().await
}

#[tokio::test]
async fn a_certificate_of_a_trusted_issuer_opens_the_stream() {
    let authority = Authority::new("ours");
    let acceptor = authority.acceptor("127.0.0.1", |_| {});
    assert_eq!(tls_result(&authority, acceptor).await, "event secure");
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_named() {
    let authority = Authority::new("ours");
    let expired = authority.acceptor("127.0.0.1", |params| {
        params.not_after = date_time_ymd(2020, 1, 1);
    });
    let early = authority.acceptor("127.0.0.1", |params| {
        params.not_before = date_time_ymd(2400, 1, 1);
    });
    let wrong_name = authority.acceptor("market.example", |_| {});
    let unknown = Authority::new("nobody knows").acceptor("127.0.0.1", |_| {});
    for (acceptor, code) in [
        (expired, ReasonCode::TlsExpired),
        (early, ReasonCode::TlsNotYetValid),
        (wrong_name, ReasonCode::TlsWrongName),
        (unknown, ReasonCode::TlsUnknownIssuer),
    ] {
        assert_eq!(tls_result(&authority, acceptor).await, wait(code, true));
    }
}

/// The proxy's URL as the environment has it.
fn through(proxy: &Server) -> String {
    format!("http://{}", proxy.address())
}

#[tokio::test]
async fn a_proxy_from_the_environment_gets_the_request_and_never_the_token() {
    let proxy = Server::start().await;
    let setting = through(&proxy);
    let client = Client::start("http://market.test/stream", &[("http_proxy", setting.as_ref())]);
    let mut exchange = proxy.accept_stream().await;
    assert_eq!(exchange.request(), "GET http://market.test/stream");
    // Plain http to another machine.
    assert_eq!(exchange.header("authorization"), None);
    exchange.send("data: by proxy\n\n").await;
    assert_eq!(client.result().await, "event by proxy");
}

#[tokio::test]
async fn this_machine_is_asked_without_a_proxy() {
    let (proxy, server) = (Server::start().await, Server::start().await);
    let setting = through(&proxy);
    let proxies = ["http_proxy", "HTTP_PROXY", "all_proxy"].map(|name| (name, setting.as_ref()));
    let client = Client::start(&server.url("/stream"), &proxies);
    let mut exchange = server.accept_stream().await;
    exchange.send("data: direct\n\n").await;
    assert_eq!(client.result().await, "event direct");
    proxy.assert_no_request().await;
}

#[tokio::test]
async fn tls_goes_through_a_proxys_tunnel_with_the_token_inside() {
    let proxy = Server::start().await;
    let setting = through(&proxy);
    let authority = Authority::new("ours");
    let url = "https://market.test/stream";
    let client = Client::start(url, &[("https_proxy", setting.as_ref()), authority.trusted()]);
    let tunnel = proxy.accept().await;
    assert_eq!(tunnel.request(), "CONNECT market.test:443");
    assert_eq!(tunnel.header("authorization"), None);
    let socket = tunnel.tunnel().await;
    let market = authority.acceptor("market.test", |_| {});
    let mut exchange = Exchange::read(market.accept(socket).await.unwrap()).await;
    assert_eq!(exchange.request(), "GET /stream");
    assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
    exchange.send(STREAM).await;
    exchange.send("data: inside\n\n").await;
    assert_eq!(client.result().await, "event inside");
}

#[tokio::test]
async fn a_proxys_refusal_is_told_from_the_markets() {
    let url = "https://market.test/stream";
    let sign_in = format!("{:?}", Stop::ProxySignIn);
    let no_tunnel = wait(ReasonCode::Proxy, false);
    for (status, expected) in
        [("407 Proxy Authentication Required", sign_in), ("502 Bad Gateway", no_tunnel)]
    {
        let proxy = Server::start().await;
        let setting = through(&proxy);
        let client = Client::start(url, &[("https_proxy", setting.as_ref())]);
        proxy.accept().await.answer(status, "", "").await;
        assert_eq!(client.result().await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_proxy_that_nobody_reaches_is_told_from_one_that_refuses() {
    let gone = Server::start().await;
    let setting = through(&gone);
    drop(gone);
    for proxy in [setting.as_str(), "http://proxy.invalid:3128"] {
        let environment = [("https_proxy", proxy.as_ref())];
        let client = Client::start("https://market.test/stream", &environment);
        assert_eq!(client.result().await, wait(ReasonCode::ProxyUnreachable, false), "{proxy}");
    }
}

#[tokio::test]
async fn a_tls_stream_that_breaks_off_is_a_cut_with_no_librarys_address_in_its_reason() {
    let server = Server::start().await;
    let authority = Authority::new("ours");
    let url = format!("https://{}/stream", server.address());
    let client = Client::start(&url, &[authority.trusted()]);
    let acceptor = authority.acceptor("127.0.0.1", |_| {});
    // The request is read first: a close with bytes unread would be a reset.
    let socket = acceptor.accept(server.accept_raw().await).await.unwrap();
    let mut exchange = Exchange::read(socket).await;
    exchange.send(format!("{STREAM}:\n")).await;
    // Without TLS's own goodbye.
    drop(exchange);
    let reason = client.said(BECAUSE).await;
    assert!(reason.starts_with("the connection was cut: peer closed"), "{reason}");
    assert!(!reason.contains("://"), "{reason}");
}
