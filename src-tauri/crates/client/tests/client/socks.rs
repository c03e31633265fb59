//! A SOCKS 5 server (RFC 1928, RFC 1929): it notes what it is asked for, and connects to one place
//! whatever that is.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::server::PATIENCE;

pub(crate) struct Socks {
    listener: TcpListener,
    /// The name and password that it wants.
    sign_in: Option<(&'static str, &'static str)>,
}

/// What was asked for.
pub(crate) struct Asked {
    /// The address as it came, and the port.
    pub(crate) to: String,
    client: TcpStream,
}

impl Socks {
    pub(crate) async fn start(sign_in: Option<(&'static str, &'static str)>) -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap(), sign_in }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }

    /// The next request; `None` where who asks may not.
    pub(crate) async fn accept(&self) -> Option<Asked> {
        let (mut client, _) = timeout(PATIENCE, self.listener.accept()).await.unwrap().unwrap();
        assert_eq!(client.read_u8().await.unwrap(), 5);
        let offered = bytes(&mut client).await;
        let wanted = if self.sign_in.is_some() { 2 } else { 0 };
        if !offered.contains(&wanted) {
            client.write_all(&[5, 0xFF]).await.unwrap();
            return None;
        }
        client.write_all(&[5, wanted]).await.unwrap();
        if let Some((name, password)) = self.sign_in {
            assert_eq!(client.read_u8().await.unwrap(), 1);
            let given = (bytes(&mut client).await, bytes(&mut client).await);
            let fits = given == (name.into(), password.into());
            client.write_all(&[1, u8::from(!fits)]).await.unwrap();
            if !fits {
                return None;
            }
        }
        let mut head = [0; 4];
        client.read_exact(&mut head).await.unwrap();
        assert_eq!(head[..3], [5, 1, 0], "a connect");
        let host = match head[3] {
            1 => Ipv4Addr::from(client.read_u32().await.unwrap()).to_string(),
            3 => format!("name {}", String::from_utf8(bytes(&mut client).await).unwrap()),
            4 => Ipv6Addr::from(client.read_u128().await.unwrap()).to_string(),
            other => panic!("{other} is no kind of address"),
        };
        let port = client.read_u16().await.unwrap();
        Some(Asked { to: format!("{host} {port}"), client })
    }
}

impl Asked {
    /// Answers with one of RFC 1928's replies, 0 being yes.
    pub(crate) async fn answer(&mut self, reply: u8) {
        self.client.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
    }

    /// Connects it to `to` for as long as both sides want.
    pub(crate) async fn connect(mut self, to: SocketAddr) {
        let mut server = TcpStream::connect(to).await.unwrap();
        self.answer(0).await;
        tokio::spawn(async move { copy_bidirectional(&mut self.client, &mut server).await });
    }
}

/// Bytes with their count before them.
async fn bytes(client: &mut TcpStream) -> Vec<u8> {
    let mut bytes = vec![0; client.read_u8().await.unwrap().into()];
    client.read_exact(&mut bytes).await.unwrap();
    bytes
}
