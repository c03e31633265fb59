//! What the page asks of the inbox: pages of lists and of searches, and what rules would have done
//! with what is in it.

use super::view;
use crate::ipc::{
    InboxPage, MutedCode, MutedCount, PAGE_LIMIT, PageRequest, Rules, RulesPreview, Seek,
};
use agora_alert::catalogue::Language;
use agora_inbox::search::{Query, Search};
use agora_inbox::{Filter, Inbox, NewAlert, StoreError, key};
use agora_rules::{self, Facts};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How far back a preview of rules looks, in milliseconds: 30 days.
const PREVIEWED_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// The most alerts that a preview looks at.
const PREVIEWED: usize = 20_000;

/// One page of a list.
pub(crate) async fn page(
    inbox: &Inbox,
    request: &PageRequest,
    language: Language,
) -> Result<InboxPage, StoreError> {
    let limit = usize::try_from(request.limit).unwrap_or(PAGE_LIMIT).clamp(1, PAGE_LIMIT);
    let filter = view::filter(&request.list);
    let seek = match request.seek {
        Seek::Newest => agora_inbox::Seek::Newest,
        Seek::OlderThan { id } => agora_inbox::Seek::OlderThan(id),
        Seek::NewerThan { id } => agora_inbox::Seek::NewerThan(id),
        Seek::Before { at_ms } => agora_inbox::Seek::OlderThan(key::first_at(at_ms)),
    };
    if let Some(text) = view::searched(&request.list) {
        return search(inbox, text, filter, seek, limit, language).await;
    }
    let page = inbox.page(filter, seek, limit).await?;
    let furthest = match seek {
        agora_inbox::Seek::NewerThan(_) => page.alerts.first(),
        _ => page.alerts.last(),
    };
    let next = furthest.filter(|_| page.more).map(|alert| alert.id);
    Ok(InboxPage { alerts: view::rows(&page.alerts, language), next })
}

async fn search(
    inbox: &Inbox,
    text: String,
    filter: Filter,
    seek: agora_inbox::Seek,
    limit: usize,
    language: Language,
) -> Result<InboxPage, StoreError> {
    let before = match seek {
        agora_inbox::Seek::OlderThan(id) => Some(id),
        _ => None,
    };
    let query = Query::parse(&text);
    let found = inbox.search(Search { text, filter, before, limit }).await?;
    let rows = found.hits.iter().map(|hit| view::row(&hit.alert, language, Some(&query)));
    Ok(InboxPage { alerts: rows.collect(), next: found.next })
}

/// What rules would have done with the alerts of the last 30 days, which are read a page at a time.
pub(crate) async fn preview(inbox: &Inbox, rules: &Rules) -> Result<RulesPreview, StoreError> {
    let since = Timestamp::now().as_millisecond() - PREVIEWED_MS;
    let filter = Filter { from_ms: Some(since), ..Filter::ALL };
    let mut alerts = Vec::new();
    let mut seek = agora_inbox::Seek::Newest;
    for _ in 0..PREVIEWED.div_ceil(PAGE_LIMIT) {
        let page = inbox.page(filter, seek, PAGE_LIMIT).await?;
        alerts.extend(page.alerts.iter().map(|alert| judged(&alert.body)));
        match page.alerts.last() {
            Some(last) if page.more => seek = agora_inbox::Seek::OlderThan(last.id),
            _ => break,
        }
    }
    Ok(previewed(&rules.into(), &TimeZone::system(), alerts))
}

/// What rules look at in an alert, and its time.
pub(super) fn judged(alert: &NewAlert) -> (Facts, i64) {
    (Facts::of(alert, false, false), alert.at_ms)
}

/// What rules would have done with alerts.
pub(super) fn previewed(
    rules: &agora_rules::Rules,
    zone: &TimeZone,
    alerts: Vec<(Facts, i64)>,
) -> RulesPreview {
    let total = count(alerts.len());
    let found = agora_rules::preview(rules, zone, alerts);
    let muted = [
        (MutedCode::Confirmation, found.confirmation),
        (MutedCode::Category, found.category_off),
        (MutedCode::OnlyUrgent, found.only_urgent),
        (MutedCode::Quiet, found.quiet_hours),
    ];
    let muted = muted.into_iter().filter(|(_, number)| *number > 0);
    RulesPreview {
        total,
        shown: count(found.shown),
        sounded: count(found.with_sound),
        muted: muted.map(|(code, number)| MutedCount { code, count: count(number) }).collect(),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
