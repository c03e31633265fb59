//! Streams that never come to an end, each twice as long as the one before: the time for a byte stays
//! the same, and so does the memory held. Prints a table; fails where either grows with the input.

#![expect(clippy::print_stdout, reason = "the table is the bench's result")]

use std::time::{Duration, Instant};

use eventsource_stream::{Decoder, MAX_EVENT_BYTES};

/// The lengths, in MiB.
const MEBIBYTES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

/// The best of so many runs counts: the others met something else on the machine.
const RUNS: usize = 3;

/// A byte of the longest stream may take this many times what one of the shortest takes.
const MOST_RATIO: f64 = 3.0;

/// A line and a block's data, each grown by doubling to just beyond the limit.
const MOST_HELD: usize = 5 * MAX_EVENT_BYTES;

/// A stream as it comes off the wire.
struct Flow {
    name: &'static str,
    start: &'static [u8],
    /// What comes after the start, again and again.
    chunk: Vec<u8>,
}

/// What one run took.
struct Cost {
    time: Duration,
    most_held: usize,
}

fn flows() -> Vec<Flow> {
    let flow = |name, start, chunk: &[u8]| Flow { name, start, chunk: chunk.to_vec() };
    vec![
        flow("one line without end, 16 KiB at a time", b"data:", &[b'x'; 16 * 1024]),
        flow("one line without end, 7 bytes at a time", b"data:", b"xxxxxxx"),
        flow("one event without end, of short lines", b"", &b"data: 0123456789\n".repeat(900)),
        flow("one event without end, of empty lines of data", b"", &b"data\n".repeat(3000)),
        flow("one comment without end, 7 bytes at a time", b":", b"ccccccc"),
        flow("heartbeats", b"", b"data:{\"type\":\"HEARTBEAT\"}\nevent:HEARTBEAT\n\n"),
        flow("CR, one byte at a time", b"", b"\r"),
    ]
}

fn run(flow: &Flow, length: usize) -> Cost {
    let mut decoder = Decoder::new();
    let mut most_held = 0;
    let started = Instant::now();
    let mut start = flow.start;
    while decoder.decode(&mut start).is_some() {}
    for _ in 0..length / flow.chunk.len() {
        let mut chunk = flow.chunk.as_slice();
        while decoder.decode(&mut chunk).is_some() {}
        most_held = most_held.max(decoder.held_bytes());
    }
    Cost { time: started.elapsed(), most_held }
}

fn main() {
    println!("| stream | MiB | ns a byte | to the shortest | KiB held at most |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for flow in flows() {
        let mut shortest = None;
        for mebibytes in MEBIBYTES {
            let length = mebibytes * 1024 * 1024;
            let runs: Vec<Cost> = (0..RUNS).map(|_| run(&flow, length)).collect();
            let best = runs.iter().map(|cost| cost.time).min().unwrap_or_default();
            let held = runs.iter().map(|cost| cost.most_held).max().unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^52")]
            let each = best.as_secs_f64() * 1e9 / length as f64;
            let ratio = each / *shortest.get_or_insert(each);
            println!("| {} | {mebibytes} | {each:.2} | {ratio:.2} | {} |", flow.name, held / 1024);
            assert!(ratio < MOST_RATIO, "the time for a byte grows with the input");
            assert!(held <= MOST_HELD, "the memory grows with the input");
        }
    }
}
