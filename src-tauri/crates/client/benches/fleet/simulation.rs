//! The clients and their server. No client waits for another, since the server has room for all:
//! each one's connects are followed to the first that succeeds, and counted by the second.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::schedules::{Kind, Schedule};

/// How many clients there are.
pub(crate) const CLIENTS: usize = 10_000;

/// The round trips of the fastest and of the slowest client.
const ROUND_TRIPS: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(200));

/// From the cut to the server's return.
#[derive(Clone, Copy)]
pub(crate) struct Outage {
    pub(crate) length: Duration,
}

/// What the server saw.
pub(crate) struct Result {
    /// Connects, by the second since its return: the last second away is -1.
    by_second: BTreeMap<i64, usize>,
    /// The same by the tenth of a second.
    by_tenth: BTreeMap<i64, usize>,
    /// From its return until 99 of 100 clients were connected.
    pub(crate) nearly_all_back: Duration,
}

impl Result {
    pub(crate) fn at(&self, second: i64) -> usize {
        self.by_second.get(&second).copied().unwrap_or_default()
    }

    /// The most within a tenth of a second, and within a second.
    pub(crate) fn peak_while_away(&self) -> (usize, usize) {
        (peak(self.by_tenth.range(..0)), peak(self.by_second.range(..0)))
    }

    /// The same.
    pub(crate) fn peak_once_back(&self) -> (usize, usize) {
        (peak(self.by_tenth.range(0..)), peak(self.by_second.range(0..)))
    }

    pub(crate) fn connects(&self) -> usize {
        self.by_second.values().sum()
    }
}

fn peak<'a>(counts: impl Iterator<Item = (&'a i64, &'a usize)>) -> usize {
    counts.map(|(_, count)| *count).max().unwrap_or_default()
}

/// Cuts all clients off at once, and follows them until all are back.
pub(crate) fn run(kind: Kind, outage: Outage) -> Result {
    let mut random = Random(0x0A60_12A0);
    let (mut by_second, mut by_tenth) = (BTreeMap::new(), BTreeMap::new());
    let mut back = Vec::with_capacity(CLIENTS);
    for _ in 0..CLIENTS {
        let (fastest, slowest) = ROUND_TRIPS;
        let round_trip = fastest + slowest.saturating_sub(fastest).mul_f64(random.next());
        // Since the cut: when the client learns of its last failure.
        let mut now = round_trip;
        let mut schedule = Schedule::at_cut(kind, now);
        loop {
            now += schedule.wait(now, random.next());
            *by_second.entry(whole(now, outage, 1)).or_default() += 1;
            *by_tenth.entry(whole(now, outage, 10)).or_default() += 1;
            let accepted = now >= outage.length;
            now += round_trip;
            if accepted {
                break;
            }
        }
        back.push(now.saturating_sub(outage.length));
    }
    back.sort_unstable();
    Result { by_second, by_tenth, nearly_all_back: back[CLIENTS * 99 / 100 - 1] }
}

/// The part of a second since the server's return that `since_cut` falls into.
fn whole(since_cut: Duration, outage: Outage, parts: u32) -> i64 {
    let whole = |time: Duration| i64::try_from((time * parts).as_secs()).unwrap_or(i64::MAX);
    // The outages are whole seconds long.
    whole(since_cut) - whole(outage.length)
}

/// `SplitMix64`: the same numbers in every version of every library.
struct Random(u64);

impl Random {
    /// Uniform in 0 … 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let number = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
        number
    }
}
