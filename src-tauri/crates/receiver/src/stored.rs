//! A user's notifications as the market stores them: the calls that fetch what was missed and send read
//! receipts, one after the other, and no more of them than it takes.
//!
//! When they are made is the actor's to say (`sync`, `read_receipts`).

use agora_client::{
    BaseUrl, CallError, Market, MarketTime, Notification, NotificationId, NotificationState,
    Reason, ReasonCode, Token, UnreadNotifications, UserId,
};
use agora_inbox::{Inbox, Listing, StoreError, StoredNotice, Written};
use std::collections::HashSet;
use std::time::Duration;

/// Notifications a page.
const PAGE: u32 = 100;
/// The most pages that are asked for to reach back to what is known, however long nobody was there.
const PAGES: u32 = 100;
/// The same where nothing is known yet.
const FIRST_PAGES: u32 = 20;
/// What was stored is looked for from so much earlier on: the zone of its times may not be known, and is
/// less than this from any other.
const MARGIN_MS: i64 = 30 * 60 * 60 * 1_000;
/// So many reads are told one by one; for more it is worth looking whether those are all.
const ONE_BY_ONE: usize = 10;
/// The most reads that are looked at at a time.
const TOLD: u32 = 50_000;
/// As much of the pages is held, in bytes of JSON, but for the last one.
const MOST_BYTES: usize = 8 << 20;

/// How far back to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Only what is unread. What is known is of this time: milliseconds since the Unix epoch.
    Unread(i64),
    /// That, and everything since what is known, which is of this time.
    Since(i64),
    /// Nothing is known yet: that, and a good deal of what was stored since a time; `None`: ever.
    Kept(Option<i64>),
}

/// Why the market couldn't be asked or told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    /// The market didn't answer as it should. Logs have this, and not what it said.
    #[error("{}", .0.redacted())]
    Call(#[from] CallError),
    /// The inbox doesn't say what is known, or doesn't keep what is new.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SyncError {
    /// Whether waiting can cure it. What isn't the market's answer at all, such as a web page in its
    /// place, most likely comes again.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Call(error) => error.can_wait() && !is_not_understood(error),
            Self::Store(_) => true,
        }
    }

    /// How long the market asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Store(_) => None,
        }
    }

    /// The status of the market's answer, if there was one.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Call(error) => error.status(),
            Self::Store(_) => None,
        }
    }
}

/// What is known here of the time of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    /// What this machine's clock is ahead of UTC, in milliseconds.
    pub(crate) here_ahead_ms: i64,
    /// What the market stored at this time or later may yet come over the stream too: milliseconds since the
    /// Unix epoch.
    pub(crate) streams_from_ms: i64,
}

/// Whether something came that isn't what was asked for, or more than is taken.
fn is_not_understood(error: &CallError) -> bool {
    matches!(error, CallError::NoAnswer { reason } if reason.code == ReasonCode::UnexpectedStatus)
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Fetched {
    mailbox: String,
    at_ms: i64,
    reach: Reach,
    were_unread: Vec<i64>,
    /// What is unread; `None` where only the list tells.
    unread: Option<UnreadNotifications>,
    listed: Vec<Notification>,
    /// Why there is no more of the list.
    cut_short: Option<CallError>,
}

/// Asks for what is unread and, where it is wanted, page by page for the rest.
pub(crate) async fn fetch(
    base: BaseUrl,
    token: Token,
    inbox: &Inbox,
    mailbox: String,
    reach: Reach,
    now_ms: i64,
) -> Result<Fetched, SyncError> {
    let market = market(base, token)?;
    let were_unread = inbox.unread_notices(mailbox.clone()).await?;
    let (unread, no_answer) = match market.unread_notifications().await {
        Ok(unread) => (Some(unread), None),
        // It may be more than is taken of one answer. The list has it too, page by page.
        Err(error) if is_not_understood(&error) => (None, Some(error)),
        Err(error) => return Err(error.into()),
    };
    let (listed, cut_short) = match reach {
        Reach::Unread(_) if unread.is_some() => (Vec::new(), None),
        Reach::Unread(since_ms) | Reach::Since(since_ms) => {
            list(&market, Some(since_ms), PAGES).await
        }
        Reach::Kept(since_ms) => list(&market, since_ms, FIRST_PAGES).await,
    };
    if let (Some(error), true) = (no_answer, listed.is_empty()) {
        return Err(error.into());
    }
    Ok(Fetched { mailbox, at_ms: now_ms, reach, were_unread, unread, listed, cut_short })
}

/// What is stored since a time, newest first, and why that isn't all, if it isn't.
async fn list(
    market: &Market,
    since_ms: Option<i64>,
    pages: u32,
) -> (Vec<Notification>, Option<CallError>) {
    let (mut listed, mut bytes) = (Vec::new(), 0);
    let (mut number, mut total) = (1, None);
    for _ in 0..pages {
        let page = match market.notification_page(number, PAGE).await {
            Ok(page) => page,
            // It has the one call and not the other.
            Err(error) if error.status() == Some(404) => break,
            Err(error) => return (listed, Some(error)),
        };
        // What was deleted meanwhile made the rest move up: to where it was looked for before.
        let moved =
            page.total.zip(total).map_or(0, |(now, before): (u64, u64)| before.saturating_sub(now));
        let back = u32::try_from(moved.div_ceil(PAGE.into())).unwrap_or(u32::MAX).min(number - 1);
        total = page.total;
        let is_end = page.last || is_before(&page.content, since_ms);
        bytes += page.content.iter().map(|notification| notification.raw.len()).sum::<usize>();
        listed.extend(page.content);
        if bytes > MOST_BYTES || is_end && back == 0 {
            break;
        }
        number = if back > 0 { number - back } else { number + 1 };
    }
    (listed, None)
}

/// Whether a page, newest first, reaches back to what is known.
fn is_before(page: &[Notification], since_ms: Option<i64>) -> bool {
    let Some(since_ms) = since_ms else { return false };
    let oldest = page.iter().filter_map(|notification| notification.created).next_back();
    oldest.is_some_and(|oldest: MarketTime| oldest.local_ms() < since_ms - MARGIN_MS)
}

impl Fetched {
    /// Whether everything was looked through, not only what is unread.
    pub(crate) fn reaches_back(&self) -> bool {
        !matches!(self.reach, Reach::Unread(_)) && self.cut_short.is_none()
    }

    /// As the inbox takes it in, and why that isn't all, if it isn't. What is missing is then still to be
    /// looked for from where it was. It takes a while, if it is much.
    pub(crate) fn for_inbox(self, times: Times) -> (Listing, Option<CallError>) {
        // One that isn't in it may be one of those whose ids can't be read.
        let is_all = |unread: &&UnreadNotifications| unread.skipped == 0;
        let unread_there = self.unread.as_ref().filter(is_all).map(ids_of);
        let from_ms = match self.reach {
            Reach::Unread(since_ms) | Reach::Since(since_ms) | Reach::Kept(Some(since_ms)) => {
                since_ms - MARGIN_MS
            }
            Reach::Kept(None) => i64::MIN,
        };
        let synced_ms = match (&self.cut_short, self.reach) {
            (None, _) => self.at_ms,
            (Some(_), Reach::Unread(since_ms) | Reach::Since(since_ms)) => since_ms,
            (Some(_), Reach::Kept(since_ms)) => since_ms.unwrap_or_default(),
        };
        let mut seen = HashSet::new();
        let all = self.unread.unwrap_or_default().content.into_iter().chain(self.listed);
        let notices = all
            .filter_map(|one| notice(&one, self.at_ms))
            .filter(|notice| seen.insert(notice.stored_id));
        let found = Listing {
            at_ms: self.at_ms,
            synced_ms,
            notices: notices.collect(),
            from_ms,
            mailbox: self.mailbox,
            were_unread: self.were_unread,
            unread_there,
            streams_from_ms: times.streams_from_ms,
            here_ahead_ms: times.here_ahead_ms,
        };
        (found, self.cut_short)
    }
}

/// What was deleted elsewhere is nothing new here.
fn notice(notification: &Notification, now_ms: i64) -> Option<StoredNotice> {
    if notification.state == NotificationState::Deleted {
        return None;
    }
    let written = |time: MarketTime| Written { local_ms: time.local_ms(), zone_ms: time.zone_ms() };
    Some(StoredNotice {
        stored_id: notification.id.0,
        unread: notification.state == NotificationState::Unread,
        written: notification.created.map(written),
        body: agora_alert::read_stored(&notification.raw, now_ms)?,
    })
}

/// Whether as many of a user's streams are open as the market allows; no, where it doesn't say.
pub(crate) async fn are_all_connections_taken(base: BaseUrl, token: Token, user: &UserId) -> bool {
    match market(base, token) {
        Ok(market) => market.has_all_connections(user).await.unwrap_or(false),
        Err(_) => false,
    }
}

/// What was told, when nothing more is to be told.
#[derive(Debug)]
pub(crate) enum Receipts {
    /// Each by itself.
    Each,
    /// All at once; these were meant. What has come to the market meanwhile is read there too.
    All(Vec<i64>),
}

/// Tells the market what was read here, until there is nothing more to tell, or all is told.
pub(crate) async fn send_receipts(
    base: BaseUrl,
    token: Token,
    inbox: &Inbox,
    mailbox: &str,
) -> Result<Receipts, SyncError> {
    let market = market(base, token)?;
    loop {
        let mut ids = inbox.receipts_due(mailbox.to_owned(), TOLD).await?;
        if ids.is_empty() {
            return Ok(Receipts::Each);
        }
        let mut unread_there = None;
        if ids.len() > ONE_BY_ONE {
            unread_there = match market.unread_notifications().await.map_err(SyncError::from) {
                Ok(there) => (there.skipped == 0).then(|| ids_of(&there)),
                Err(error) if error.may_pass() => return Err(error),
                Err(_) => None,
            };
        }
        if let Some(there) = &unread_there {
            let (unread, known) = ids.into_iter().partition(|id| there.contains(id));
            inbox.receipts_sent(mailbox.to_owned(), known).await?;
            ids = unread;
            // What nobody here has seen yet must stay unread there.
            if ids.len() > ONE_BY_ONE && ids.len() == there.len() {
                market.mark_all_notifications_read().await?;
                return Ok(Receipts::All(ids));
            }
        }
        for id in ids {
            if let Err(error) = market.mark_notification_read(NotificationId(id)).await
                && !is_gone(&market, id, &error, &mut unread_there).await
            {
                return Err(error.into());
            }
            // Each by itself: what was told is not told again after a failure.
            inbox.receipts_sent(mailbox.to_owned(), vec![id]).await?;
        }
    }
}

/// Whether the market refuses to mark a notification because it doesn't have it as unread any more,
/// with 404 or some other status: then it is read as much as it can be, and no reason to tell no others.
async fn is_gone(
    market: &Market,
    id: i64,
    error: &CallError,
    unread_there: &mut Option<HashSet<i64>>,
) -> bool {
    match error.status() {
        Some(404) => true,
        Some(400 | 403 | 405 | 409 | 410 | 422 | 500) => {
            if unread_there.is_none() {
                *unread_there = market.unread_notifications().await.ok().as_ref().map(ids_of);
            }
            unread_there.as_ref().is_some_and(|there| !there.contains(&id))
        }
        _ => false,
    }
}

fn ids_of(unread: &UnreadNotifications) -> HashSet<i64> {
    unread.content.iter().map(|notification| notification.id.0).collect()
}

fn market(base: BaseUrl, token: Token) -> Result<Market, CallError> {
    Market::new(base, Some(token)).map_err(|error| CallError::NotSent {
        reason: Reason { code: ReasonCode::Setup, status: None, detail: Some(error.to_string()) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_client::Refusal;

    #[test]
    fn a_log_has_nothing_of_the_markets_words() {
        let message = Some("user_7_device-01 may not".to_owned());
        let refused = CallError::Refused(Refusal { status: 403, message, retry_after: None });
        assert_eq!(SyncError::from(refused).to_string(), "the market refused (403)");
    }
}
