//! A call that does nothing, and what it tells of the market beside its answer: how soon it came, and what
//! time it is there.

use std::time::{Duration, Instant, SystemTime};

use reqwest::Method;
use reqwest::header::{DATE, HeaderMap};

use crate::{CallError, ClientId, Market};

/// The date of an answer counts whole seconds.
const SECOND_MS: i64 = 1_000;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The market's answer, or why there is none.
    pub answer: Result<(), CallError>,
    /// How long it took.
    pub after: Duration,
    /// How far the market's clock is ahead of this machine's, in milliseconds, as far as its answer tells
    /// (`Date`): 0 while it may have been given between the request and its coming. `None`: it tells
    /// nothing.
    pub ahead_ms: Option<i64>,
}

impl Market {
    /// Tells the market that a client is gone that never was, to which it says yes.
    pub async fn probe(&self, nobody: &ClientId) -> Probe {
        let url = self.base.join("sse/disconnect", Some(nobody.as_str()));
        let (started, sent) = (Instant::now(), SystemTime::now());
        let answered = self.request(Method::DELETE, &url).send().await;
        let (after, came) = (started.elapsed(), SystemTime::now());
        let ahead_ms = answered
            .as_ref()
            .ok()
            .and_then(|answer| ahead(date(answer.headers())?, in_ms(sent)?, in_ms(came)?));
        let answer = self.judged(answered, false).await.map(drop);
        Probe { answer, after, ahead_ms }
    }
}

/// What the market's clock showed, in milliseconds since 1970.
fn date(headers: &HeaderMap) -> Option<i64> {
    in_ms(httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?)
}

fn in_ms(time: SystemTime) -> Option<i64> {
    i64::try_from(time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_millis()).ok()
}

fn ahead(date: i64, sent: i64, came: i64) -> Option<i64> {
    let (earliest, latest) = (date, date.checked_add(SECOND_MS)?);
    Some(if latest < sent {
        latest - sent
    } else if earliest > came {
        earliest - came
    } else {
        0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_between_request_and_answer_is_no_difference_and_any_other_is_the_least() {
        for (date, sent, came, expected) in [
            (10_000, 9_500, 10_200, 0),
            (10_000, 10_999, 11_500, 0),
            (10_000, 10_000, 80_000, 0),
            (10_000, 11_001, 11_500, -1),
            (10_000, 9_000, 9_990, 10),
            (3_610_000, 9_000, 10_000, 3_600_000),
        ] {
            assert_eq!(ahead(date, sent, came), Some(expected), "{date} {sent} {came}");
        }
        assert_eq!(ahead(i64::MAX, 0, 0), None);
    }
}
