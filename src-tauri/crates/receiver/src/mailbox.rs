//! A user's notifications as the market stores them: asking for what was missed, and telling what
//! was read. One call after the other, and no more of them than it takes.

use crate::alert;
use agora_client::{
    BaseUrl, CallError, Market, MarketTime, Notification, NotificationId, NotificationState,
    Reason, ReasonCode, Token,
};
use agora_inbox::{CaughtUp, Inbox, StoredNotice};
use std::collections::HashSet;

/// Notifications a page.
const PAGE: u32 = 100;
/// The most pages that are asked for at once, however long nobody was there.
const PAGES: u32 = 20;
/// The market's clock and ours may differ by this much: milliseconds.
const MARGIN_MS: i64 = 10 * 60 * 1_000;
/// So many reads are told one by one; for more it is worth looking whether those are all.
const ONE_BY_ONE: usize = 10;
/// The most reads that are looked at at a time.
const TOLD: u32 = 50_000;
/// As much of the pages is held, in bytes of JSON, but for the last one.
const MOST_BYTES: usize = 8 << 20;

/// How far back to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Only what is unread.
    Unread,
    /// That, and everything since a time, in milliseconds since the Unix epoch; `None`: everything.
    Since(Option<i64>),
}

/// How the market's times compare with ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// The market's local time minus UTC, in milliseconds.
    pub(crate) offset_ms: i64,
    /// What it stored at this time or later may yet come over the stream too: milliseconds since the
    /// Unix epoch.
    pub(crate) streams_from_ms: i64,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Found {
    mailbox: String,
    at_ms: i64,
    reach: Reach,
    were_unread: Vec<i64>,
    unread: Vec<Notification>,
    listed: Vec<Notification>,
}

/// Asks for what is unread and, where it is wanted, page by page for the rest.
pub(crate) async fn ask(
    base: BaseUrl,
    token: Token,
    inbox: &Inbox,
    mailbox: String,
    reach: Reach,
    now_ms: i64,
) -> Result<Found, CallError> {
    let market = market(base, token)?;
    let were_unread = inbox.unread_notices(mailbox.clone()).await.unwrap_or_default();
    let unread = market.unread_notifications().await?;
    let mut listed = Vec::new();
    if let Reach::Since(since_ms) = reach {
        let mut bytes = 0;
        for number in 1..=PAGES {
            let page = match market.notification_page(number, PAGE).await {
                // It has the one call and not the other.
                Err(error) if error.status() == Some(404) => break,
                page => page?,
            };
            let reaches_back = is_before(&page.content, since_ms);
            bytes += page.content.iter().map(|notification| notification.raw.len()).sum::<usize>();
            listed.extend(page.content);
            if page.last || reaches_back || bytes > MOST_BYTES {
                break;
            }
        }
    }
    Ok(Found { mailbox, at_ms: now_ms, reach, were_unread, unread, listed })
}

/// Whether a page, newest first, reaches back to what is known. The market's local times are taken
/// as if they were UTC, which is wrong by less than a day.
fn is_before(page: &[Notification], since_ms: Option<i64>) -> bool {
    const A_DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    let Some(since_ms) = since_ms else { return false };
    let oldest = page.iter().filter_map(|notification| notification.created).next_back();
    oldest.is_some_and(|oldest: MarketTime| oldest.to_epoch_ms(0) < since_ms - MARGIN_MS - A_DAY_MS)
}

impl Found {
    /// Whether everything was looked through, not only what is unread.
    pub(crate) fn reaches_back(&self) -> bool {
        self.reach != Reach::Unread
    }

    /// As the inbox takes it in.
    pub(crate) fn for_inbox(self, clock: Clock) -> CaughtUp {
        let unread_there = self.unread.iter().map(|notification| notification.id.0).collect();
        let from_ms = match self.reach {
            Reach::Since(Some(since_ms)) => since_ms - MARGIN_MS,
            _ => i64::MIN,
        };
        let notices = |found: Vec<Notification>| {
            found.into_iter().filter_map(move |one| notice(&one, clock.offset_ms, self.at_ms))
        };
        // The last page holds what is older than was wanted, and was seen to when it was new.
        let listed = notices(self.listed).filter(|notice| notice.body.at_ms >= from_ms);
        let mut seen = HashSet::new();
        let notices =
            notices(self.unread).chain(listed).filter(|notice| seen.insert(notice.stored_id));
        CaughtUp {
            at_ms: self.at_ms,
            notices: notices.collect(),
            mailbox: self.mailbox,
            were_unread: self.were_unread,
            unread_there: Some(unread_there),
            streams_from_ms: clock.streams_from_ms,
        }
    }
}

/// What was deleted elsewhere is nothing new here.
fn notice(notification: &Notification, server_offset_ms: i64, now_ms: i64) -> Option<StoredNotice> {
    if notification.state == NotificationState::Deleted {
        return None;
    }
    let created = notification.created.map(|time| time.to_epoch_ms(server_offset_ms));
    // Nothing was stored in the future.
    let at_ms = created.unwrap_or(now_ms).min(now_ms);
    Some(StoredNotice {
        stored_id: notification.id.0,
        unread: notification.state == NotificationState::Unread,
        body: alert::read(alert::STORED, &notification.raw, None, at_ms)?,
    })
}

/// Tells the market what was read here, until there is nothing more to tell.
pub(crate) async fn tell(
    base: BaseUrl,
    token: Token,
    inbox: &Inbox,
    mailbox: &str,
) -> Result<(), CallError> {
    let market = market(base, token)?;
    loop {
        let Ok(ids) = inbox.untold(mailbox.to_owned(), TOLD).await else { return Ok(()) };
        if ids.is_empty() {
            return Ok(());
        }
        if ids.len() > ONE_BY_ONE && are_all(&market, &ids).await? {
            market.mark_all_notifications_read().await?;
            if inbox.told_all(mailbox.to_owned(), ids).await.is_err() {
                return Ok(());
            }
            continue;
        }
        for id in ids {
            match market.mark_notification_read(NotificationId(id)).await {
                // One that the market doesn't have is read as much as it can be.
                Err(error) if error.status() != Some(404) => return Err(error),
                _ => {}
            }
            // Each by itself: what was told is not told again after a failure.
            if inbox.told(mailbox.to_owned(), vec![id]).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// Whether all that is unread in the market was read here. What nobody here has seen yet must stay
/// unread there.
async fn are_all(market: &Market, read: &[i64]) -> Result<bool, CallError> {
    let read: HashSet<i64> = read.iter().copied().collect();
    let unread = market.unread_notifications().await?;
    Ok(unread.iter().all(|notification| read.contains(&notification.id.0)))
}

fn market(base: BaseUrl, token: Token) -> Result<Market, CallError> {
    Market::new(base, Some(token)).map_err(|error| CallError::NotSent {
        reason: Reason { code: ReasonCode::Setup, status: None, detail: Some(error.to_string()) },
    })
}
