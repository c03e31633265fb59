//! A server of raw sockets: it hands each request to the test, which answers in bytes.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longer than anything here takes on a busy machine; only a broken test gets there.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The head of an answer that is an open event stream, ended by the socket's end.
pub(crate) const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

pub(crate) struct Server {
    listener: TcpListener,
}

/// A request that was read, and the socket that waits for its answer.
pub(crate) struct Exchange<S = TcpStream> {
    socket: S,
    head: String,
    pub(crate) body: String,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// The next connection, before anything of it is read.
    pub(crate) async fn accept_raw(&self) -> TcpStream {
        timeout(PATIENCE, self.listener.accept()).await.unwrap().unwrap().0
    }

    /// The next request.
    pub(crate) async fn accept(&self) -> Exchange {
        Exchange::read(self.accept_raw().await).await
    }

    /// Says that no request waits: a connection of our own is the next that is accepted.
    pub(crate) async fn assert_no_request(&self) {
        let own = TcpStream::connect(self.address()).await.unwrap();
        let mut accepted = self.accept_raw().await;
        drop(own);
        assert_eq!(accepted.read(&mut [0]).await.unwrap(), 0, "one request too many");
    }

    /// The next request, answered with the head of a stream and a first sign of life. Goodbyes before
    /// it are answered with yes.
    pub(crate) async fn accept_stream(&self) -> Exchange {
        let mut exchange = self.accept_connect().await;
        exchange.send(STREAM).await;
        exchange.send(":\n").await;
        exchange
    }

    /// The next connect. Goodbyes before it are answered with yes.
    pub(crate) async fn accept_connect(&self) -> Exchange {
        loop {
            let exchange = self.accept().await;
            if !exchange.request().starts_with("DELETE ") {
                return exchange;
            }
            exchange.answer("200 OK", "", "").await;
        }
    }
}

impl Exchange {
    /// Breaks the connection (RST).
    pub(crate) fn reset(self) {
        self.socket.set_zero_linger().unwrap();
    }

    /// Answers a CONNECT: what comes behind it is the tunnel's.
    pub(crate) async fn tunnel(mut self) -> TcpStream {
        self.send("HTTP/1.1 200 OK\r\n\r\n").await;
        self.socket
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Exchange<S> {
    pub(crate) async fn read(mut socket: S) -> Self {
        let mut bytes = Vec::new();
        let head_end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            assert_ne!(socket.read_buf(&mut bytes).await.unwrap(), 0, "half a request");
        };
        // Headers may hold any UTF-8: a last event ID does.
        let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
        let mut exchange = Self { socket, head, body: String::new() };
        let length = exchange.header("content-length").map_or(0, |value| value.parse().unwrap());
        let mut body = bytes[head_end..].to_vec();
        while body.len() < length {
            assert_ne!(exchange.socket.read_buf(&mut body).await.unwrap(), 0, "half a body");
        }
        exchange.body = String::from_utf8(body).unwrap();
        exchange
    }

    /// Method and path.
    pub(crate) fn request(&self) -> &str {
        self.head.lines().next().unwrap().strip_suffix(" HTTP/1.1").unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.socket.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Whether the other side still takes bytes.
    pub(crate) async fn try_send(&mut self, bytes: &[u8]) -> bool {
        timeout(PATIENCE, self.socket.write_all(bytes)).await.unwrap().is_ok()
    }

    /// Answers with a whole response, and ends the connection.
    pub(crate) async fn answer(mut self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
        self.send(head + body).await;
        self.end().await;
    }

    /// Ends the connection in good order (FIN).
    pub(crate) async fn end(mut self) {
        self.socket.shutdown().await.unwrap();
    }

    /// Waits until the other side has closed.
    pub(crate) async fn closed(&mut self) {
        let mut rest = Vec::new();
        // A reset is an end as well.
        let _ = timeout(PATIENCE, self.socket.read_to_end(&mut rest)).await.unwrap();
        assert!(rest.is_empty(), "more than one request");
    }
}
