//! What is missing on this desktop or wrong with the files, told by whoever finds it out.

use super::choices::Choices;
use crate::ipc::{Notice, NoticeCode};
use agora_account::{KeyringError, SetAside};
use agora_alert::catalogue::{self, Language};
use agora_receiver::{AccountState, MadeRoom, Receiver, Subscription, TokenState, Trouble};
use std::collections::BTreeMap;
use tokio::sync::watch;

/// The notices that hold now. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Notices {
    now: watch::Sender<BTreeMap<NoticeCode, Option<String>>>,
}

impl Notices {
    pub(crate) fn new() -> Self {
        Self { now: watch::Sender::default() }
    }

    /// Says whether a notice holds, with the system's own words for it.
    pub(crate) fn set(&self, code: NoticeCode, holds: bool, detail: Option<String>) {
        self.now.send_if_modified(|now| {
            let detail = holds.then_some(detail);
            let changed = now.get(&code) != detail.as_ref();
            match detail {
                Some(detail) => now.insert(code, detail),
                None => now.remove(&code),
            };
            changed
        });
        if holds {
            tracing::info!(?code, "notice");
        }
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<BTreeMap<NoticeCode, Option<String>>> {
        self.now.subscribe()
    }

    pub(crate) fn list(&self) -> Vec<Notice> {
        let now = self.now.borrow();
        now.iter().map(|(code, detail)| Notice { code: *code, detail: detail.clone() }).collect()
    }
}

/// Turns what is wrong with files and keyring into notices. `unread`: why the choices couldn't be read as
/// the account was set going.
pub(crate) async fn watch_files(
    notices: Notices,
    receiver: Receiver,
    choices: Choices,
    unread: Option<String>,
) {
    // Of what happens in the inbox nothing is heard here, and nothing is to wait for it.
    let Subscription {
        mut settings, mut trouble, mut account, mut set_aside, mut made_room, ..
    } = receiver.subscribe();
    let mut preferences = choices.subscribe();
    let mut settings_aside = receiver.accounts().set_aside();
    loop {
        let why = settings.borrow_and_update().clone().or_else(|| unread.clone());
        let aside = settings_aside.borrow_and_update().clone();
        // With that there are new ones.
        let why = why.filter(|_| aside.is_none());
        notices.set(NoticeCode::SettingsBroken, why.is_some(), why);
        let aside = aside.map(|SetAside { path, why }| format!("{}: {why}", path.display()));
        notices.set(NoticeCode::SettingsSetAside, aside.is_some(), aside);
        notice_inbox(&notices, trouble.borrow_and_update().as_ref());
        let aside = set_aside.borrow_and_update().clone();
        let aside = aside.map(|aside| format!("{}: {}", aside.path.display(), aside.why));
        notices.set(NoticeCode::InboxSetAside, aside.is_some(), aside);
        let language = preferences.borrow_and_update().resolved_language();
        notice_room(&notices, *made_room.borrow_and_update(), language);
        notice_keyring(&notices, account.borrow_and_update().as_ref());
        tokio::select! {
            Ok(()) = settings.changed() => {}
            Ok(()) = settings_aside.changed() => {}
            Ok(()) = trouble.changed() => {}
            Ok(()) = set_aside.changed() => {}
            Ok(()) = made_room.changed() => {}
            Ok(()) = account.changed() => {}
            Ok(()) = preferences.changed() => {}
            else => return,
        }
    }
}

fn notice_room(notices: &Notices, MadeRoom { alerts, unread }: MadeRoom, language: Language) {
    let values = [("alerts", &*alerts.to_string()), ("unread", &*unread.to_string())];
    let went = catalogue::text_with(language, "notice.inbox_trimmed.went", &values);
    notices.set(NoticeCode::InboxTrimmed, alerts > 0, Some(went));
}

fn notice_inbox(notices: &Notices, trouble: Option<&Trouble>) {
    let holds = trouble.map(|trouble| match trouble {
        Trouble::Newer(detail) => (NoticeCode::InboxNewer, detail),
        Trouble::Foreign(detail) => (NoticeCode::InboxForeign, detail),
        Trouble::Locked(detail) => (NoticeCode::InboxLocked, detail),
        Trouble::Broken(detail) => (NoticeCode::InboxBroken, detail),
        Trouble::Full(detail) => (NoticeCode::InboxFull, detail),
        Trouble::Unwritable(detail) => (NoticeCode::InboxUnwritable, detail),
    });
    for code in [
        NoticeCode::InboxNewer,
        NoticeCode::InboxForeign,
        NoticeCode::InboxLocked,
        NoticeCode::InboxBroken,
        NoticeCode::InboxFull,
        NoticeCode::InboxUnwritable,
    ] {
        let detail = holds.filter(|(held, _)| *held == code).map(|(_, detail)| detail.clone());
        notices.set(code, detail.is_some(), detail);
    }
}

fn notice_keyring(notices: &Notices, account: Option<&AccountState>) {
    let out_of_reach = match account.map(|account| &account.token) {
        Some(TokenState::OutOfReach(error)) => Some(error),
        _ => None,
    };
    let said = out_of_reach.map(|error| match error {
        KeyringError::Locked => (NoticeCode::KeyringLocked, None),
        KeyringError::Denied => (NoticeCode::KeyringDenied, None),
        KeyringError::NoCollection => (NoticeCode::KeyringEmpty, None),
        KeyringError::Unavailable(why) | KeyringError::Failed(why) => {
            (NoticeCode::KeyringAway, Some(why.clone()))
        }
    });
    for code in [
        NoticeCode::KeyringLocked,
        NoticeCode::KeyringDenied,
        NoticeCode::KeyringEmpty,
        NoticeCode::KeyringAway,
    ] {
        let holds = said.as_ref().filter(|(said, _)| *said == code);
        notices.set(code, holds.is_some(), holds.and_then(|(_, detail)| detail.clone()));
    }
    let memory_only = matches!(account.map(|account| &account.token), Some(TokenState::MemoryOnly));
    notices.set(NoticeCode::NoKeyring, memory_only, None);
}
