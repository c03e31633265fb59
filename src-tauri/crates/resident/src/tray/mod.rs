//! The tray: an icon by status, and a menu whose first line is the status in words. There is one, however
//! many accounts there are.
//!
//! What it shows is a [`Model`]; it is handed to the desktop's tray, the [`Host`], only when it differs from
//! the one before. What people choose in it is done in one place, [`deeds`].

mod deeds;
#[cfg(target_os = "linux")]
mod linux;
mod model;
mod pictures;

pub use crate::desk::Summary;
pub use deeds::Deeds;
pub(crate) use deeds::act;
#[cfg(target_os = "linux")]
pub(crate) use linux::NotifierItem;
pub use model::{Icon, Item, Model};
#[cfg(not(target_os = "linux"))]
pub use pictures::picture;

use crate::desk::{Choices, Summaries, listed};
use agora_alert::catalogue;
use agora_rules::{next_change_ms, quiet_until};
use jiff::{Timestamp, ZonedDateTime};
use model::until;
use std::time::Duration;
use tokio::time::sleep;

/// Where a desktop shows a tray.
pub trait Host: Send {
    /// Shows the model. The icon is made with the first one.
    fn show(&mut self, model: &Model) -> impl Future<Output = ()> + Send;
}

/// Keeps the tray as things are, until the app quits.
pub(crate) async fn run(summaries: Summaries, choices: Choices, mut host: impl Host) {
    let mut accounts = summaries.subscribe();
    let mut preferences = choices.subscribe();
    let mut shown = None;
    // Before the first account has told how it is there is nothing to show.
    if accounts.wait_for(|all| !all.is_empty()).await.is_err() {
        return;
    }
    loop {
        let (language, chosen) = {
            let preferences = preferences.borrow_and_update();
            (preferences.resolved_language(), preferences.choices())
        };
        let now = ZonedDateTime::now();
        let snoozed_until = chosen.snooze.active_until_ms(&now);
        let say = |path, end_ms| {
            until(path, Timestamp::from_millisecond(end_ms).unwrap_or_default(), &now, language)
        };
        let snoozed = snoozed_until.map(|end| say("tray.snoozed", end));
        let quiet = quiet_until(&chosen.rules, &now).map(|quiet| match quiet.until_ms() {
            Some(end) => say("tray.quiet", end),
            None => catalogue::text(language, "tray.quiet_always").to_owned(),
        });
        let next = snoozed_until.into_iter().chain(next_change_ms(&chosen.rules, &now)).min();
        let listed = listed(&accounts.borrow_and_update());
        let model = Model { snoozed, quiet, ..Model::of(&listed, language) };
        if shown.as_ref() != Some(&model) {
            host.show(&model).await;
            shown = Some(model);
        }
        tokio::select! {
            Ok(()) = accounts.changed() => {}
            Ok(()) = preferences.changed() => {}
            () = after(next, &now) => {}
        }
    }
}

/// When a time has come, by the wall's clock as it is now; never, where there is none. A machine
/// that slept meanwhile comes late: the line says something past until the menu is drawn anew.
async fn after(at_ms: Option<i64>, now: &ZonedDateTime) {
    match at_ms {
        Some(at_ms) => {
            let left = at_ms.saturating_sub(now.timestamp().as_millisecond());
            sleep(Duration::from_millis(u64::try_from(left).unwrap_or_default())).await;
        }
        None => std::future::pending().await,
    }
}
