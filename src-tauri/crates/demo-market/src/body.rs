//! The body of one stream: the first event, heartbeats, the server's time, what the registry hands over,
//! and the end that the server makes after a while.
//!
//! It runs no task: it advances when the connection asks for more, and its drop tells the registry.

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::unfold;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, Sleep, interval_at, sleep_until};

use crate::Shared;
use crate::io::{Break, Switch};
use crate::streams::{Frame, Opened};
use crate::wire;

/// What goes wrong with a stream right after its first event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The head goes out, the first event and everything after it doesn't.
    Silent,
    /// Half an event, then the break.
    Break(Break),
    /// A clean end.
    End,
    /// The client is forgotten, the stream stays.
    Zombie,
}

struct Stream {
    market: Shared,
    client_id: String,
    number: u64,
    switch: Switch,
    frames: mpsc::Receiver<Frame>,
    first: Option<Bytes>,
    mishap: Option<Mishap>,
    talks: bool,
    broken: bool,
    over: bool,
    heartbeat: Interval,
    clock: Interval,
    end: Pin<Box<Sleep>>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.over || self.broken {
            self.market.streams.ended(self.number);
        } else {
            self.market.streams.closed(&self.client_id, self.number);
        }
    }
}

/// The body of a stream that was just opened for `client_id`.
pub(crate) fn body(
    market: Shared,
    client_id: String,
    opened: Opened,
    switch: Switch,
    mishap: Option<Mishap>,
) -> Body {
    let config = &market.config;
    let every = |period: Duration| interval_at(Instant::now() + period, period);
    let stream = Stream {
        first: Some(wire::hello(&client_id, config.heartbeat, &market.clock)),
        heartbeat: every(config.heartbeat),
        clock: every(config.system_time),
        end: Box::pin(sleep_until(opened.ends)),
        client_id,
        number: opened.stream,
        switch,
        frames: opened.frames,
        mishap,
        talks: true,
        broken: false,
        over: false,
        market,
    };
    Body::from_stream(unfold(stream, async |mut stream| {
        let bytes = stream.next().await;
        stream.over |= bytes.is_none();
        let bytes = bytes?;
        Some((Ok::<_, std::convert::Infallible>(bytes), stream))
    }))
}

impl Stream {
    /// The next bytes, or `None` at the clean end.
    async fn next(&mut self) -> Option<Bytes> {
        if self.broken {
            // The break comes with the flush; an end now would put the end of the body before it.
            return pending().await;
        }
        if self.over {
            return None;
        }
        if self.mishap == Some(Mishap::Silent) {
            self.end.as_mut().await;
            return self.time_out();
        }
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        match self.mishap.take() {
            Some(Mishap::Break(how)) => return Some(self.break_after(wire::half_event(), how)),
            Some(Mishap::End) => return None,
            Some(Mishap::Zombie) => self.market.streams.forget(&self.client_id),
            Some(Mishap::Silent) | None => {}
        }
        loop {
            tokio::select! {
                biased;
                () = &mut self.end => return self.time_out(),
                frame = self.frames.recv() => match frame {
                    Some(Frame::Bytes(bytes)) => return Some(bytes),
                    Some(Frame::Break(bytes, how)) => return Some(self.break_after(bytes, how)),
                    Some(Frame::End) => return None,
                    Some(Frame::Heartbeats(on)) => self.talks = on,
                    // Forgotten: a zombie says nothing more, but stays until its time is over.
                    None => {
                        self.end.as_mut().await;
                        return self.time_out();
                    }
                },
                _ = self.heartbeat.tick() => if self.talks {
                    return Some(wire::heartbeat(&self.client_id, &self.market.clock));
                },
                _ = self.clock.tick() => if self.talks {
                    return Some(wire::system_time(&self.market.clock));
                },
            }
        }
    }

    /// What Spring writes of an emitter's timeout before the end, outside of any event.
    fn time_out(&mut self) -> Option<Bytes> {
        self.over = true;
        self.market.config.timeout_text.then(|| Bytes::from_static(wire::TIMED_OUT))
    }

    fn break_after(&mut self, bytes: Bytes, how: Break) -> Bytes {
        self.switch.order(how);
        self.broken = true;
        bytes
    }
}
