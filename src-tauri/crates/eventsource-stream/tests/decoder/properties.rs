//! What holds for every stream, however its bytes are cut: the same as the simple decoder says.

use std::convert::Infallible;

use eventsource_stream::{Decoder, Event, EventStream};
use futures_util::stream;
use futures_util::{FutureExt, StreamExt};
use proptest::prelude::*;

use crate::simple::{Outcome, interpret};

/// Streams as a server may write them, and as only an enemy would: the standard's own words, marks
/// and line endings, digits, NUL, text of two to four bytes a character, and bytes that are no UTF-8.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "data",
        "event",
        "id",
        "retry",
        ":",
        ": ",
        " ",
        "\n",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\r",
        "\r\n\r\n",
        "\u{FEFF}",
        "\0",
        "0",
        "25",
        "99999999999999999999",
        "é",
        "商",
        "🛒",
        "x",
    ]);
    let piece = prop_oneof![
        12 => word.prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::sample::select(vec![&b"\xEF\xBB"[..], b"\xBF", b"\xF0\x9F", b"\xC0\x80", b"\xED\xA0\x80"])
            .prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// `stream` in chunks of the given lengths, over and over; 0 is a chunk without a byte.
fn cut<'a>(stream: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut rest = stream;
    let mut chunks = Vec::new();
    for length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, behind) = rest.split_at((*length).min(rest.len()));
        chunks.push(chunk);
        rest = behind;
    }
    chunks
}

/// Lengths that come to more than nothing, so that a stream comes to its end.
fn lengths() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..20, 1..12)
        .prop_filter("all chunks are empty", |lengths| lengths.iter().sum::<usize>() > 0)
}

/// Adds what an item tells to what was told before.
fn add(outcome: &mut Outcome, item: Event) {
    if let Some(retry) = item.retry {
        outcome.retry = Some(u64::try_from(retry.as_millis()).unwrap());
    }
    if item.is_dispatched() {
        outcome.events.push((item.event, item.data, item.id));
    }
}

/// A stream that begins like a compressed body is an error, and no matter for these tests.
fn is_compressed(stream: &[u8]) -> bool {
    [&b"\x1F\x8B"[..], b"\x28\xB5\x2F\xFD", b"\x78\x01", b"\x78\x5E", b"\x78\x9C", b"\x78\xDA"]
        .iter()
        .any(|mark| stream.starts_with(mark))
        || stream.first().is_some_and(|byte| {
            b"\x03\x05\x07\x0B\x0F\x1B\x83\x85\x87\x89\x8B\x8D\x8F".contains(byte)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_decodes_as_the_whole_does(stream in streams(), lengths in lengths(), id in "[a-c]{0,2}") {
        prop_assume!(!is_compressed(&stream));
        let chunks = cut(&stream, &lengths);
        let mut events = EventStream::new(stream::iter(chunks.into_iter().map(Ok::<_, Infallible>)));
        events.set_last_event_id(id.as_str());
        let mut outcome = Outcome::default();
        while let Some(item) = events.next().now_or_never().unwrap() {
            add(&mut outcome, item.unwrap());
        }
        events.last_event_id().clone_into(&mut outcome.last_event_id);
        prop_assert_eq!(outcome, interpret(&stream, &id));
    }

    #[test]
    fn nothing_waits_for_a_byte_behind_its_last(stream in streams()) {
        let mut decoder = Decoder::new();
        let mut outcome = Outcome::default();
        for end in 0..stream.len() {
            let mut byte = &stream[end..=end];
            while let Some(item) = decoder.decode(&mut byte) {
                add(&mut outcome, item);
            }
            if decoder.has_news() {
                add(&mut outcome, decoder.news());
            }
            decoder.last_event_id().clone_into(&mut outcome.last_event_id);
            prop_assert_eq!(&outcome, &interpret(&stream[..=end], ""));
        }
    }

    #[test]
    fn each_chunk_with_a_byte_is_a_sign_of_life(stream in streams(), lengths in lengths()) {
        prop_assume!(!is_compressed(&stream));
        for chunk in cut(&stream, &lengths) {
            let one = stream::iter([Ok::<_, Infallible>(chunk)]);
            let item = EventStream::new(one).next().now_or_never().unwrap();
            prop_assert_eq!(item.is_some(), !chunk.is_empty());
        }
    }

    #[test]
    fn the_rest_of_the_chunk_is_left_for_the_next_call(stream in streams()) {
        let mut decoder = Decoder::new();
        let mut rest = stream.as_slice();
        loop {
            let before = rest.len();
            let item = decoder.decode(&mut rest);
            prop_assert!(stream.ends_with(rest));
            if item.is_none() {
                prop_assert!(rest.is_empty());
                break;
            }
            prop_assert!(rest.len() < before);
        }
    }
}
