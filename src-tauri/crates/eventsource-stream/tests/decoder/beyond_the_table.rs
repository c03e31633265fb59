//! What the published cases leave out: limits, invalid bytes, and what is told without an event.

use std::time::{Duration, Instant};

use eventsource_stream::{Decoder, Event, MAX_EVENT_BYTES, MAX_ID_BYTES};

fn feed(decoder: &mut Decoder, mut bytes: &[u8]) -> Vec<Event> {
    std::iter::from_fn(|| decoder.decode(&mut bytes)).collect()
}

fn data_of(stream: &[u8]) -> Vec<String> {
    let items = feed(&mut Decoder::new(), stream);
    items.into_iter().map(|item| item.data).collect()
}

#[test]
fn an_event_is_dispatched_at_the_cr_that_ends_it() {
    let mut decoder = Decoder::new();
    assert_eq!(feed(&mut decoder, b"data: now\r\r").len(), 1);
    let mut decoder = Decoder::new();
    assert_eq!(feed(&mut decoder, b"data: now\r\n\r").len(), 1);
    // The LF of that CRLF is no empty line of its own, and no part of the next line.
    assert_eq!(feed(&mut decoder, b"\ndata: next\r\n\r\n")[0].data, "next");
}

#[test]
fn the_three_line_endings_mix() {
    assert_eq!(data_of(b"data: a\rdata: b\ndata: c\r\n\rdata: d\n\r"), ["a\nb\nc", "d"]);
}

#[test]
fn invalid_utf8_becomes_replacement_characters_and_the_stream_goes_on() {
    assert_eq!(
        data_of(b"data: \xFFa\xC3\n\ndata: \xE2\x82\n\ndata: fine\n\n"),
        ["\u{FFFD}a\u{FFFD}", "\u{FFFD}", "fine"]
    );
}

#[test]
fn one_byte_order_mark_is_skipped_and_only_at_the_start() {
    assert_eq!(data_of(b"\xEF\xBB\xBFdata: a\n\n\xEF\xBB\xBFdata: b\n\n"), ["a"]);
    assert_eq!(data_of(b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\ndata: b\n\n"), ["b"]);
}

#[test]
fn an_id_without_data_is_told() {
    let items = feed(&mut Decoder::new(), b"id: 7\n\n");
    assert_eq!(items.len(), 1);
    assert!(!items[0].is_dispatched());
    assert!(items[0].has_own_id);
    assert_eq!(items[0].id, "7");
}

#[test]
fn an_empty_id_clears_and_one_with_nul_is_ignored() {
    let mut decoder = Decoder::new();
    feed(&mut decoder, b"id: 7\n\nid: 8\0\ndata: x\n\n");
    assert_eq!(decoder.last_event_id(), "7");
    let items = feed(&mut decoder, b"id\n\n");
    assert!(items[0].has_own_id);
    assert_eq!(decoder.last_event_id(), "");
}

#[test]
fn an_id_counts_only_once_its_block_has_ended() {
    let mut decoder = Decoder::new();
    feed(&mut decoder, b"id: 1\ndata: x\n\nid: 2\ndata: y\n");
    assert_eq!(decoder.last_event_id(), "1");
}

#[test]
fn an_event_says_whether_the_id_is_its_own() {
    let items = feed(&mut Decoder::new(), b"id: 1\ndata: x\n\ndata: y\n\n");
    assert_eq!((items[0].id.as_str(), items[0].has_own_id), ("1", true));
    assert_eq!((items[1].id.as_str(), items[1].has_own_id), ("1", false));
}

#[test]
fn a_reconnection_time_takes_effect_before_its_block_ends() {
    let mut decoder = Decoder::new();
    assert!(feed(&mut decoder, b"retry: 2500\n").is_empty());
    assert!(decoder.has_news());
    assert_eq!(decoder.news().retry, Some(Duration::from_millis(2500)));
    assert!(!decoder.has_news());
}

#[test]
fn a_reconnection_time_is_digits_only() {
    for line in [
        "retry: 1s",
        "retry: -1",
        "retry: +1",
        "retry: 1.5",
        "retry:",
        "retry:  1",
        "retry: \u{0661}",
    ] {
        let mut decoder = Decoder::new();
        feed(&mut decoder, format!("{line}\n\n").as_bytes());
        assert!(!decoder.has_news(), "{line}");
    }
    let mut decoder = Decoder::new();
    let items = feed(&mut decoder, b"retry: 99999999999999999999999\n\n");
    assert_eq!(items[0].retry, Some(Duration::from_millis(u64::MAX)));
}

#[test]
fn field_names_are_exact() {
    assert_eq!(data_of(b"Data: a\n data: b\ndata : c\ndatas: d\ndata: e\n\n"), ["e"]);
}

#[test]
fn data_of_the_largest_size_passes() {
    let half = MAX_EVENT_BYTES / 2;
    for lines in [&[MAX_EVENT_BYTES][..], &[half, half - 1], &[10, MAX_EVENT_BYTES - 12, 0]] {
        let line = |length: &usize| [b"data: ", &vec![b'x'; *length][..], b"\r\n"].concat();
        let stream = [&lines.iter().flat_map(line).collect::<Vec<_>>()[..], b"\r\n"].concat();
        let items = feed(&mut Decoder::new(), &stream);
        assert_eq!((items[0].data.len(), items[0].dropped), (MAX_EVENT_BYTES, 0), "{lines:?}");
    }
}

#[test]
fn a_larger_event_is_dropped_and_counted_and_the_stream_goes_on() {
    let half = vec![b'x'; MAX_EVENT_BYTES / 2];
    let in_one_line = [b"data: ", vec![b'x'; MAX_EVENT_BYTES + 1].as_slice()].concat();
    let in_three = [b"data: ", &half[..], b"\ndata:", &half, b"\ndata"].concat();
    let invalid = [b"data: ", vec![0xFF; MAX_EVENT_BYTES / 2].as_slice()].concat();
    for too_large in [in_one_line, in_three, invalid] {
        let stream = [b"id: 1\n", &too_large[..], b"\nid: 2\n\ndata: after\n\n"].concat();
        let items = feed(&mut Decoder::new(), &stream);
        assert_eq!(items.len(), 2);
        assert!(!items[0].is_dispatched());
        assert_eq!((items[0].dropped, items[0].id.as_str()), (1, "2"));
        assert_eq!((items[1].data.as_str(), items[1].dropped), ("after", 0));
    }
}

#[test]
fn a_comment_has_no_size() {
    let stream =
        [b"data: a\n:", vec![b'c'; 3 * MAX_EVENT_BYTES].as_slice(), b"\ndata: b\n\n"].concat();
    assert_eq!(data_of(&stream), ["a\nb"]);
}

#[test]
fn an_id_too_long_to_send_counts_as_empty() {
    for (length, kept) in [(MAX_ID_BYTES, MAX_ID_BYTES), (MAX_ID_BYTES + 1, 0)] {
        let stream = [b"id: 1\n\nid: ", &vec![b'i'; length][..], b"\ndata: x\n\n"].concat();
        let items = feed(&mut Decoder::new(), &stream);
        assert_eq!((items[1].data.as_str(), items[1].id.len()), ("x", kept));
    }
}

#[test]
fn an_endless_line_in_small_pieces_takes_linear_time() {
    let mut decoder = Decoder::new();
    let piece = [b'x'; 7];
    let started = Instant::now();
    feed(&mut decoder, b"data: ");
    for _ in 0..3_000_000 {
        feed(&mut decoder, &piece);
    }
    // 21 MB: tenths of a second when linear, minutes when each piece is looked at again.
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(feed(&mut decoder, b"\n\ndata: after\n\n")[1].data, "after");
}

/// What is held while a line comes is that line, in one piece of memory from the 64th KiB on; when its
/// event is over, it is given back.
#[test]
fn what_is_held_is_what_came_and_is_given_back_with_its_event() {
    const KIB: usize = 1024;
    let mut decoder = Decoder::new();
    let mut feed = |mut bytes: &[u8]| {
        while decoder.decode(&mut bytes).is_some() {}
        decoder.held_bytes()
    };
    assert_eq!(feed(b""), 0);
    let short = feed(b"id: 12345\nevent: note\ndata: x\n");
    assert!((12..KIB).contains(&short), "{short}");
    assert!(feed(b"\n") < KIB);
    for length in [30 * KIB, 100 * KIB, 900 * KIB] {
        let held = feed(&[b"data: ".as_slice(), &vec![b'x'; length]].concat());
        let most = if length < 64 * KIB { 2 * length } else { MAX_EVENT_BYTES + 66 * KIB };
        assert!((length..=most).contains(&held), "{length}: {held}");
        let after = feed(b"\n\n");
        assert!(after <= 2 * 64 * KIB, "{length}: {after}");
    }
    // One that is larger than any event holds nothing at all.
    let held = feed(&[b"data: ".as_slice(), &vec![b'x'; 2 * MAX_EVENT_BYTES]].concat());
    assert!(held <= 2 * 64 * KIB, "{held}");
}
