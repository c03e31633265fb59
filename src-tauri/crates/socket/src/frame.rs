//! What is said on the socket: frames of JSON, each with its length before it.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::{self, ErrorKind};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};
use zeroize::{Zeroize, Zeroizing};

/// The most bytes of a frame. The largest that are meant to pass are a draft of 1 MiB and a page of
/// the list, both several times as long where every character is escaped.
const MOST: usize = 16 * 1024 * 1024;

/// What the window says. The first is `Hello`, in every version.
// No `Debug`: a call may hold a token.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromWindow {
    /// Which version the window has.
    Hello {
        /// [`crate::VERSION`].
        version: String,
    },
    /// A page is there, and wants to be told what happens: a snapshot, then changes.
    Attach,
    /// The page is gone. What it was to be told waits for the next one.
    Detach,
    /// The page has painted.
    Painted,
    /// The window was shown, as it was told to.
    Shown,
    /// A call of the page.
    Call {
        /// The window's number for it, by which it is answered.
        number: u64,
        /// The call, as the page makes it.
        call: Value,
    },
    /// The window ends, as the person wished.
    Closed,
}

/// What the resident says. The first is `Welcome`, `OtherVersion` or `Taken`.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWindow {
    /// This is the window now.
    Welcome {
        /// The theme that is forced on it.
        theme: Option<Theme>,
        /// How large everything in it is, in percent of its usual size.
        text_size: u16,
        /// What lets it come to the front.
        activation: Option<String>,
    },
    /// The resident is of another version, and can't speak with this window.
    OtherVersion {
        /// Which.
        version: String,
    },
    /// There is a window already; it is shown.
    Taken,
    /// The window is to be shown.
    Show {
        /// What lets it come to the front, where the desktop wants to be shown that a person asked
        /// for it.
        activation: Option<String>,
    },
    /// Another theme is forced on it, or none.
    Theme {
        /// Which.
        theme: Option<Theme>,
    },
    /// Everything in it is to have another size.
    TextSize {
        /// In percent of its usual one.
        percent: u16,
    },
    /// Something happened that the page is to be told.
    Event {
        /// As the page reads it.
        event: Value,
    },
    /// What a call gives.
    Answer {
        /// The call's number.
        number: u64,
        /// As the page reads it.
        answer: Value,
    },
    /// Why a call gives nothing.
    Problem {
        /// The call's number.
        number: u64,
        /// As the page reads it.
        problem: Value,
    },
    /// The app quits, and the window with it.
    Quit,
}

/// How the window is to look whatever the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The problem of a call that nobody answers any more, as the page reads problems.
pub fn gone() -> Value {
    json!({ "code": "gone", "message": "the app's other program has ended", "fields": [] })
}

/// Hears the other side.
#[derive(Debug)]
pub struct FrameReader(FramedRead<OwnedReadHalf, LengthDelimitedCodec>);

/// Speaks to the other side.
#[derive(Debug)]
pub struct FrameWriter(FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>);

impl FrameReader {
    pub(crate) fn new(half: OwnedReadHalf) -> Self {
        Self(FramedRead::new(half, codec()))
    }

    /// The next frame; `None` at the end. Cancel-safe.
    ///
    /// # Errors
    /// The connection's, or `InvalidData` for what is too long or no frame.
    pub async fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        match self.0.next().await.transpose()? {
            Some(mut bytes) => {
                let frame = serde_json::from_slice(&bytes);
                // A password may have been in it.
                bytes.zeroize();
                Ok(Some(frame?))
            }
            None => Ok(None),
        }
    }
}

impl FrameWriter {
    pub(crate) fn new(half: OwnedWriteHalf) -> Self {
        Self(FramedWrite::new(half, codec()))
    }

    /// Says it, once the other side has room for it.
    ///
    /// # Errors
    /// The connection's, or `InvalidInput` for a frame that is too long, of which nothing is said.
    pub async fn send(&mut self, frame: &impl Serialize) -> io::Result<()> {
        let bytes = Zeroizing::new(serde_json::to_vec(frame)?);
        if bytes.len() > MOST {
            let length = bytes.len();
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                format!("a frame of {length} bytes is too long"),
            ));
        }
        self.0.send(Bytes::from_owner(bytes)).await
    }
}

fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder().max_frame_length(MOST).new_codec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::UnixStream;

    #[tokio::test]
    async fn what_is_too_long_is_not_said_and_not_awaited() {
        let (one, other) = UnixStream::pair().unwrap();
        let (_, write) = one.into_split();
        let (read, _other) = other.into_split();
        let (mut says, mut hears) = (FrameWriter::new(write), FrameReader::new(read));
        let long = |length| ToWindow::Event { event: Value::String("x".repeat(length)) };
        let refused = says.send(&long(MOST)).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput);
        let short = long(1_000);
        let (sent, next) = tokio::join!(says.send(&short), hears.next::<ToWindow>());
        sent.unwrap();
        assert!(matches!(next.unwrap(), Some(ToWindow::Event { .. })), "the next one is heard");

        let mut raw = says.0.into_inner();
        let too_long = u32::try_from(MOST + 1).unwrap();
        raw.write_all(&too_long.to_be_bytes()).await.unwrap();
        assert_eq!(hears.next::<ToWindow>().await.err().unwrap().kind(), ErrorKind::InvalidData);
    }

    #[tokio::test]
    async fn what_is_no_frame_is_an_error_and_no_panic() {
        for wrong in ["", "{}", "[1]", r#"{"type":"call"}"#, "\u{0}"] {
            let (one, other) = UnixStream::pair().unwrap();
            let (_, mut write) = one.into_split();
            let (read, _other) = other.into_split();
            let mut hears = FrameReader::new(read);
            let length = u32::try_from(wrong.len()).unwrap().to_be_bytes();
            write.write_all(&[&length[..], wrong.as_bytes()].concat()).await.unwrap();
            assert!(hears.next::<FromWindow>().await.is_err(), "{wrong}");
        }
    }
}
