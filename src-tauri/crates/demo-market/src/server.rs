//! The listening socket and the connections on it: one task owns them all, and they end with it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::io::{Socket, Switch};

/// The connection that a request came on; every request carries it as an extension.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) switch: Switch,
}

/// Accepts connections until it is dropped, which closes every one of them at once.
pub(crate) async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => {
                    connections.spawn(serve(stream, address, router.clone()));
                }
                // Out of file descriptors, most likely: some will come back.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, address: SocketAddr, router: Router) {
    let peer = Peer { address, switch: Switch::default() };
    // Events are small and each must leave at once.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let socket = TokioIo::new(Socket::new(stream, peer.switch.clone()));
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        let answer = router.call(request);
        async move { Ok::<Response, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    // A connection that breaks is the client's news, and often what a test asked for.
    let _broken = http1::Builder::new().serve_connection(socket, service).await;
}
