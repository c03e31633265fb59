//! The socket under an HTTP connection, with a switch on it: a handler can order the connection to break
//! after what was written so far, in a way that HTTP has no word for.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How a connection breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// The socket is closed, with whatever HTTP still owed: a chunked body stays without its end.
    Close,
    /// The socket is reset: the other side reads an error, not an end.
    Reset,
    /// What HTTP writes is swallowed; these bytes are sent in its place, then the socket is closed.
    Garbage(Bytes),
}

/// The switch of one socket. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switch(Arc<Mutex<Option<Break>>>);

impl Switch {
    /// Orders the break. It happens at the next flush, so the bytes handed to HTTP before it still leave.
    pub(crate) fn order(&self, how: Break) {
        *self.lock() = Some(how);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Break>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An accepted socket that obeys its [`Switch`].
pub(crate) struct Socket {
    stream: TcpStream,
    switch: Switch,
}

impl Socket {
    pub(crate) fn new(stream: TcpStream, switch: Switch) -> Self {
        Self { stream, switch }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if matches!(*self.switch.lock(), Some(Break::Garbage(_))) {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, switch } = self.get_mut();
        ready!(Pin::new(&mut *stream).poll_flush(cx))?;
        let mut ordered = switch.lock();
        let kind = match ordered.as_mut() {
            None => return Poll::Ready(Ok(())),
            Some(Break::Close) => io::ErrorKind::ConnectionAborted,
            Some(Break::Reset) => {
                stream.set_zero_linger()?;
                io::ErrorKind::ConnectionReset
            }
            Some(Break::Garbage(bytes)) => {
                while bytes.has_remaining() {
                    let written = ready!(Pin::new(&mut *stream).poll_write(cx, bytes))?;
                    bytes.advance(written);
                }
                io::ErrorKind::ConnectionAborted
            }
        };
        // The error makes HTTP drop the socket at once, without another byte.
        Poll::Ready(Err(kind.into()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
