//! Arbitrary bytes in arbitrary chunks decode as the simple decoder says that the whole does.

#![no_main]

#[path = "../../tests/decoder/simple.rs"]
mod simple;

use std::time::Duration;

use eventsource_stream::Decoder;
use libfuzzer_sys::fuzz_target;

use simple::{Outcome, interpret};

fuzz_target!(|input: (Vec<u8>, &[u8])| {
    let (lengths, stream) = input;
    let mut decoder = Decoder::new();
    let mut outcome = Outcome::default();
    let mut rest = stream;
    let mut lengths = lengths.iter().cycle();
    while !rest.is_empty() {
        let length = lengths.next().map_or(rest.len(), |length| usize::from(*length).max(1));
        let (mut chunk, behind) = rest.split_at(length.min(rest.len()));
        rest = behind;
        while let Some(item) = decoder.decode(&mut chunk) {
            take_retry(&mut outcome, item.retry);
            assert_eq!(item.dropped, 0, "nothing here is large");
            if item.is_dispatched() {
                outcome.events.push((item.event, item.data, item.id));
            }
        }
        assert!(chunk.is_empty(), "a chunk was left");
        take_retry(&mut outcome, decoder.news().retry);
    }
    decoder.last_event_id().clone_into(&mut outcome.last_event_id);
    assert_eq!(outcome, interpret(stream, ""));
});

fn take_retry(outcome: &mut Outcome, retry: Option<Duration>) {
    if let Some(retry) = retry {
        outcome.retry = u64::try_from(retry.as_millis()).ok();
    }
}
