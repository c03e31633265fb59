//! The diagnostics, as the page asks for them: told of the connection's day while its view is open, the checks
//! as they are run, and the report.

use super::AccountPage;
use crate::desk::{Diagnostics, Told};
use crate::ipc::{CheckView, DiagnosticsView, PageEvent};
use agora_account::KeyringError;
use agora_alert::catalogue::{self, Language};
use agora_doctor::{
    Check, Figure, Finding, LIMIT, MarketKind, Moment, Part, Report, Versions, desktop, disk,
    do_not_disturb, inbox, keyring, market, named, stream, within,
};
use agora_receiver::{Receiver, Status, TokenState};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

/// What happens to the connection, for a page that has the diagnostics open.
pub(super) struct Telling {
    diagnostics: Diagnostics,
    is_open: watch::Receiver<bool>,
    journal: watch::Receiver<Told>,
    /// What was last told.
    last: Told,
}

impl Telling {
    pub(super) fn of(diagnostics: &Diagnostics) -> Self {
        Self {
            is_open: diagnostics.is_open.subscribe(),
            journal: diagnostics.journal.subscribe(),
            diagnostics: diagnostics.clone(),
            last: Told::default(),
        }
    }

    /// The next that there is to tell; nothing while they are closed. Cancel-safe.
    pub(super) async fn next(&mut self) -> PageEvent {
        loop {
            // Neither end is ever closed: both are held here.
            let _ = self.is_open.wait_for(|is_open| *is_open).await;
            tokio::select! {
                _ = self.is_open.changed() => {}
                _ = self.journal.changed() => {
                    let now = *self.journal.borrow_and_update();
                    let before = std::mem::replace(&mut self.last, now);
                    return if now.entries == before.entries {
                        let (minute, beats) = self.diagnostics.journal.pulse();
                        PageEvent::Pulse { minute, beats }
                    } else {
                        PageEvent::Day { day: Box::new(self.diagnostics.journal.day()) }
                    };
                }
            }
        }
    }
}

/// Opens them: the day and the versions, and from now on what happens.
pub(super) fn open(page: &AccountPage) -> DiagnosticsView {
    page.account.diagnostics.is_open.send_replace(true);
    DiagnosticsView { day: page.account.diagnostics.journal.day(), versions: versions(page, None) }
}

/// Checks a part that alerts need. The market's one answer tells of three.
pub(super) async fn check(page: &AccountPage, part: Part) -> Vec<CheckView> {
    let checks = match part {
        Part::Market | Part::SignIn | Part::Clock => of_market(page, part).await,
        part => vec![within(LIMIT, part, one(&page.receiver, part)).await],
    };
    let mut found = page.account.diagnostics.found();
    for check in &checks {
        found.insert(check.part, check.outline());
    }
    checks.iter().map(|check| view(check, page.choices.language())).collect()
}

async fn of_market(page: &AccountPage, part: Part) -> Vec<Check> {
    let asked = tokio::time::timeout(LIMIT, market::check(page.receiver.accounts())).await;
    match asked {
        Ok(market::Probed { market, sign_in, clock }) => vec![market, sign_in, clock],
        Err(_) => vec![Check { part, found: Finding::TookTooLong(LIMIT) }],
    }
}

async fn one(receiver: &Receiver, part: Part) -> Check {
    let accounts = receiver.accounts();
    match part {
        Part::Toasts => desktop::toasts().await,
        Part::DoNotDisturb => do_not_disturb::check().await,
        Part::Tray => desktop::tray().await,
        Part::Keyring => match would_ask(receiver) {
            Some(error) => keyring::trouble(error),
            None => keyring::check(accounts).await,
        },
        Part::Inbox => inbox::check(accounts.files()).await,
        Part::Disk => disk::check(accounts.files()).await,
        Part::Market | Part::SignIn | Part::Clock => market::check(accounts).await.market,
        Part::Stream => {
            let status = receiver.subscribe().status.borrow().clone();
            match known(&status) {
                Some(found) => stream::known(found),
                // A stream of its own is opened only where the market would take it.
                None if market::check(accounts).await.says_yes() => stream::check(accounts).await,
                None => stream::known(Finding::NotAsked),
            }
        }
    }
}

/// What is known of a keyring that would ask the person to unlock it if it were tried.
fn would_ask(receiver: &Receiver) -> Option<KeyringError> {
    match &receiver.subscribe().account.borrow().as_ref()?.token {
        TokenState::OutOfReach(error @ (KeyringError::Locked | KeyringError::Denied)) => {
            Some(error.clone())
        }
        _ => None,
    }
}

/// What the app's own stream says without another one.
fn known(status: &Status) -> Option<Finding> {
    match status {
        Status::Connected { heard, .. } => {
            let ago = SystemTime::now().duration_since(*heard).unwrap_or(Duration::ZERO);
            Some(Finding::StreamRuns(ago))
        }
        Status::Paused { .. } => Some(Finding::StreamPaused),
        Status::SignedOut(_) => Some(Finding::NotAsked),
        _ => None,
    }
}

/// A check in the person's language.
fn view(check: &Check, language: Language) -> CheckView {
    let code = check.found.code();
    let figures = check.found.figures();
    let values: Vec<_> =
        figures.iter().map(|(name, figure)| (*name, said(name, figure, language))).collect();
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    CheckView {
        part: check.part,
        verdict: check.found.verdict(),
        code: code.to_owned(),
        text: catalogue::text_with(language, &format!("check.found.{code}"), &values),
        advice: catalogue::known(language, &format!("check.advice.{code}")).map(str::to_owned),
        detail: check.found.words(),
    }
}

/// A figure as it stands in a text: a reason in words.
fn said(name: &str, figure: &Figure, language: Language) -> String {
    match (name, figure) {
        ("reason", Figure::Name(code)) => {
            catalogue::text(language, &format!("reason.{code}")).to_owned()
        }
        (_, figure) => figure.to_string(),
    }
}

/// What may be shown to whoever helps. `webview`: its version, as the window's program says.
pub(super) fn report(page: &AccountPage, webview: Option<&str>) -> String {
    let account = page.receiver.subscribe().account;
    let base = account.borrow().as_ref().map(|account| account.account.base.clone());
    let checks: Vec<_> = page.account.diagnostics.found().values().cloned().collect();
    let day = page.account.diagnostics.journal.day();
    let report = Report {
        at_ms: Moment::now().wall_ms,
        versions: &versions(page, webview),
        market: MarketKind::of(base.as_ref()),
        day: Some(&day),
        checks: &checks,
    };
    report.text()
}

fn versions(page: &AccountPage, webview: Option<&str>) -> Versions {
    let checks: Vec<_> = page.account.diagnostics.found().values().cloned().collect();
    Versions { webview: webview.and_then(named), ..Versions::of_here().with_daemon(&checks) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn every_finding_has_words_in_every_language_and_no_words_are_for_none() {
        for language in Language::ALL {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/messages");
            let file = format!("{file}/{}.json", language.tag());
            let catalogue: Value =
                serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            let words = |section: &str| {
                let words = catalogue["check"][section].as_object().unwrap().keys();
                words.cloned().collect::<BTreeSet<_>>()
            };
            let codes = Finding::codes().map(str::to_owned).collect::<BTreeSet<_>>();
            assert_eq!(words("found"), codes);
            assert!(words("advice").is_subset(&codes));
            let parts = Part::ALL.iter().map(|part| part.name().to_owned());
            assert_eq!(words("part"), parts.collect());
        }
    }

    #[test]
    fn a_finding_is_told_with_its_figures_and_a_reason_in_words() {
        use agora_client::{Reason, ReasonCode};
        let detail = Some("Connection refused".to_owned());
        let reason = Reason { code: ReasonCode::Unreachable, status: None, detail };
        let check = Check { part: Part::Market, found: Finding::MarketUnreached(reason) };
        let told = view(&check, Language::EN);
        assert!(told.text.contains("can't be reached"), "{}", told.text);
        assert_eq!(told.detail.as_deref(), Some("Connection refused"));
        let check = Check { part: Part::Clock, found: Finding::ClockDiffers(-3_600) };
        let told = view(&check, Language::ZH_TW);
        assert!(told.text.contains("3600") && !told.text.contains('{'), "{}", told.text);
        assert!(told.advice.is_some());
    }
}
