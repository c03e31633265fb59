//! The published stream cases (`sse-cases.json`), each cut in every way that can matter.

use std::convert::Infallible;
use std::time::Duration;

use eventsource_stream::{Event, EventStream, EventStreamError};
use futures_util::stream::{self, Stream};
use futures_util::{FutureExt, StreamExt};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    chunks: Vec<Chunk>,
    expect: Vec<Expected>,
    last_event_id: String,
    retry_ms: Option<u64>,
    #[serde(default)]
    initial_last_event_id: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Chunk {
    Text(String),
    Raw { b64: String },
}

#[derive(Deserialize, Debug, PartialEq)]
struct Expected {
    event: String,
    data: String,
    id: String,
}

impl Chunk {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Raw { b64 } => from_base64(b64),
        }
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes().filter(|byte| *byte != b'=') {
        let value = DIGITS.iter().position(|known| *known == digit).unwrap();
        bits = (bits << 6) | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xFF).unwrap());
        }
    }
    bytes
}

fn table() -> Table {
    serde_json::from_str(include_str!("sse-cases.json")).unwrap()
}

/// The next item of a stream whose bytes are all there.
fn next<S: Stream + Unpin>(events: &mut S) -> Option<S::Item> {
    events.next().now_or_never().unwrap()
}

fn decode(chunks: Vec<Vec<u8>>, initial_id: &str) -> (Vec<Event>, String) {
    let chunks = stream::iter(chunks.into_iter().map(Ok::<_, Infallible>));
    let mut events = EventStream::new(chunks);
    events.set_last_event_id(initial_id);
    let mut items = Vec::new();
    while let Some(item) = next(&mut events) {
        items.push(item.unwrap());
    }
    (items, events.last_event_id().to_owned())
}

fn check(case: &Case, chunks: Vec<Vec<u8>>) {
    let cuts: Vec<usize> = chunks.iter().map(Vec::len).collect();
    let (items, last_event_id) = decode(chunks, &case.initial_last_event_id);
    let dispatched: Vec<Expected> = items
        .iter()
        .filter(|item| item.is_dispatched())
        .map(|item| Expected {
            event: item.event.clone(),
            data: item.data.clone(),
            id: item.id.clone(),
        })
        .collect();
    let retry = items.iter().filter_map(|item| item.retry).next_back();
    assert_eq!(dispatched, case.expect, "{} cut into {cuts:?}", case.name);
    assert_eq!(last_event_id, case.last_event_id, "{} cut into {cuts:?}", case.name);
    assert_eq!(retry, case.retry_ms.map(Duration::from_millis), "{} cut into {cuts:?}", case.name);
}

#[test]
fn every_case_is_in_the_table() {
    assert_eq!(table().cases.len(), 66);
}

#[test]
fn each_case_decodes_as_published() {
    for case in table().cases {
        check(&case, case.chunks.iter().map(Chunk::bytes).collect());
    }
}

#[test]
fn each_case_decodes_alike_when_cut_in_two_at_every_byte() {
    for case in table().cases {
        let whole: Vec<u8> = case.chunks.iter().flat_map(Chunk::bytes).collect();
        for cut in 0..=whole.len() {
            check(&case, vec![whole[..cut].to_vec(), whole[cut..].to_vec()]);
        }
    }
}

#[test]
fn each_case_decodes_alike_byte_by_byte() {
    for case in table().cases {
        let whole: Vec<u8> = case.chunks.iter().flat_map(Chunk::bytes).collect();
        check(&case, whole.into_iter().map(|byte| vec![byte]).collect());
    }
}

#[test]
fn an_error_of_the_bytes_ends_the_stream_and_drops_the_half_event() {
    let chunks = stream::iter([Ok("data: whole\n\ndata: ha"), Err("reset"), Ok("lf\n\n")]);
    let mut events = EventStream::new(chunks);
    assert_eq!(next(&mut events).unwrap().unwrap().data, "whole");
    assert_eq!(next(&mut events), Some(Err(EventStreamError::Transport("reset"))));
    assert_eq!(next(&mut events), None);
}

#[test]
fn a_compressed_body_is_an_error() {
    // gzip, zstd, zlib, and brotli as Node, nginx and Google's own tool begin it.
    for body in [
        &b"\x1F\x8B\x08\x00\n\n"[..],
        b"\x28\xB5\x2F\xFD\x04",
        b"\x78\x9C\n\n",
        b"\x78\x01\x4B",
        b"\x78\x5E\x4B",
        b"\x1B\x0B\x00\xF8",
        b"\x8B\x03\x80",
        b"\x0B\x02\x80",
        b"\x85\x03\x80",
    ] {
        let mut events = EventStream::new(stream::iter([Ok::<_, Infallible>(body)]));
        assert!(matches!(next(&mut events), Some(Err(EventStreamError::Utf8(_)))), "{body:?}");
        assert_eq!(next(&mut events), None);
    }
}
