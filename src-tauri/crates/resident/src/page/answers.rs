//! The answers to what the page asks: where each call goes, and nothing decided here.

use super::account_form::{self, FormError};
use super::sign_in_form::{self, SignIn};
use super::{
    AccountPage, accounts, compose, diagnostics, exports, lists, live, reminders, sending,
    subjects, view,
};
use crate::accounts::pause;
use crate::autostart::AutostartError;
use crate::ipc::{
    AccountForm, AlertDetail, Answer, Answers, Checked, Deleted, DiagnosticsView, Draft,
    DraftCheck, ExportFormat, Exported, InboxPage, KeepIn, LineOutcome, LinesPage, List, ListCheck,
    ListDraft, Live, LiveNumbers, LiveUser, MarkedAll, PageRequest, PauseChoice, Preferences,
    Problem, ProblemCode, RemindWhen, ReminderOffer, Rules, RulesPreview, SendOutcome, SentPage,
    SentRequest, SignInBy, SignInForm, SnoozeChoice, Subject, Which,
};
use crate::system::opener;
use agora_account::{AccountError, KeyringError, SignInFailure};
use agora_alert::catalogue;
use agora_doctor::Part;
use agora_inbox::{Alert, AlertId, Deletion, Inbox, Marking, Partly, StoreError};
use agora_link::Link;
use agora_sending::Halt;
use jiff::ZonedDateTime;
use jiff::tz::TimeZone;
use std::time::SystemTime;
use tokio::task::spawn_blocking;

impl Answers for AccountPage {
    async fn inbox_page(&self, request: PageRequest) -> Answer<InboxPage> {
        lists::page(&inbox(self)?, &request, self.choices.language()).await.map_err(of_store)
    }

    async fn subjects(&self, text: String) -> Answer<Vec<Subject>> {
        subjects::of(&inbox(self)?, text, self.choices.language()).await.map_err(of_store)
    }

    async fn alert(&self, id: AlertId) -> Answer<AlertDetail> {
        let (language, links) = (self.choices.language(), self.choices.links());
        Ok(view::detail(&kept(self, id).await?, language, &links, &TimeZone::system()))
    }

    async fn mark(&self, which: Which, read: bool) -> Answer<()> {
        self.receiver.mark(which.into(), read).await.map_err(of_store)
    }

    async fn mark_all_read(&self, which: Which) -> Answer<MarkedAll> {
        Ok(match self.receiver.mark_all_read(which.into()).await {
            Ok(marking) => MarkedAll { marking: Some(marking), problem: None },
            Err(Partly { done, error }) => {
                MarkedAll { marking: done, problem: Some(of_store(error)) }
            }
        })
    }

    async fn undo_mark_all(&self, marking: Marking) -> Answer<()> {
        match self.receiver.undo_marking(marking).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Problem::of(ProblemCode::TooLate, "what was marked stays so")),
            Err(error) => Err(of_store(error)),
        }
    }

    async fn star(&self, ids: Vec<AlertId>, starred: bool) -> Answer<()> {
        self.receiver.star(ids, starred).await.map_err(of_store)
    }

    async fn remind(&self, id: AlertId, when: RemindWhen) -> Answer<()> {
        let due_ms = reminders::due_ms(when, &ZonedDateTime::now())?;
        let is_done = self.receiver.remind(id, due_ms).await.map_err(of_store)?;
        if is_done || due_ms.is_none() { Ok(()) } else { Err(gone()) }
    }

    async fn reminder_offers(&self) -> Answer<Vec<ReminderOffer>> {
        Ok(reminders::offers(&self.choices.subscribe().borrow().choices(), &ZonedDateTime::now()))
    }

    async fn delete_alerts(&self, which: Which) -> Answer<Deleted> {
        Ok(match self.receiver.delete(which.into()).await {
            Ok(deletion) => Deleted { deletion: Some(deletion), problem: None },
            Err(Partly { done, error }) => {
                Deleted { deletion: done, problem: Some(of_store(error)) }
            }
        })
    }

    async fn undo_delete(&self, deletion: Deletion) -> Answer<()> {
        match self.receiver.undo(deletion).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                Err(Problem::of(ProblemCode::TooLate, "what was deleted is gone for good"))
            }
            Err(error) => Err(of_store(error)),
        }
    }

    async fn delete_everything(&self) -> Answer<()> {
        self.receiver.delete_everything().await.map_err(of_store)
    }

    async fn export_inbox(&self, list: List, format: ExportFormat) -> Answer<Exported> {
        let exported = exports::write(self, &list, format).await;
        exported.map_err(|error| Problem::of(ProblemCode::Export, &format!("{error:#}")))
    }

    async fn show_export(&self) -> Answer<()> {
        exports::show(self)
            .await
            .map_err(|error| Problem::of(ProblemCode::Export, &format!("{error:#}")))
    }

    async fn set_inbox_aside(&self) -> Answer<()> {
        match self.receiver.set_inbox_aside().await {
            Some(result) => result.map_err(|error| Problem::of(ProblemCode::Inbox, &error)),
            None => Err(quitting()),
        }
    }

    async fn open_link(&self, id: AlertId, asked: bool) -> Answer<()> {
        let alert = kept(self, id).await?;
        match alert.body.link.map(|text| self.choices.links().look_at(&text)) {
            Some(Link::Opens { url, trusted, .. }) if trusted || asked => {
                opener::open(url.as_str(), None)
                    .await
                    .map_err(|error| Problem::of(ProblemCode::Internal, &format!("{error:#}")))
            }
            _ => Err(Problem::of(ProblemCode::LinkRefused, "this link isn't opened")),
        }
    }

    async fn snooze(&self, choice: SnoozeChoice) -> Answer<()> {
        let snoozed = self.page.roster.snooze(choice).await;
        snoozed.map_err(|error| Problem::of(ProblemCode::Settings, &format!("{error:#}")))
    }

    async fn send_test(&self) -> Answer<()> {
        let text = |path| catalogue::text(self.choices.language(), path).to_owned();
        self.receiver.test(text("testFailure.title"), text("testFailure.content")).await;
        Ok(())
    }

    async fn preview_rules(&self, rules: Rules) -> Answer<RulesPreview> {
        lists::preview(&inbox(self)?, &rules).await.map_err(of_store)
    }

    async fn pause(&self, choice: PauseChoice, all: bool) -> Answer<()> {
        if all {
            self.page.roster.pause(choice).await;
        } else {
            pause(&self.receiver, choice).await;
        }
        Ok(())
    }

    async fn reconnect(&self) -> Answer<()> {
        self.receiver.reconnect().await;
        Ok(())
    }

    async fn save_account(&self, form: AccountForm) -> Answer<()> {
        let receiver = self.receiver.clone();
        let makes_keyring = form.keep_in == KeepIn::NewKeyring;
        // It may write the device's id.
        let checked = spawn_blocking(move || account_form::checked(&form, receiver.accounts()));
        let checked = checked.await.map_err(|error| Problem::internal(&error))?;
        let (account, token) = checked.map_err(|error| match error {
            FormError::Fields(fields) => Problem::invalid(fields),
            FormError::Device(error) => of_account(&error),
        })?;
        if makes_keyring {
            let made = self.receiver.accounts().make_keyring().await;
            made.map_err(|error| of_account(&error.into()))?;
        }
        match self.receiver.save_account(account, token).await {
            Some(result) => result.map_err(|error| of_account(&error)),
            None => Err(quitting()),
        }
    }

    async fn sign_in(&self, form: SignInForm) -> Answer<()> {
        let (by, makes_keyring) = (form.by, form.keep_in == KeepIn::NewKeyring);
        let SignIn { base, proof, two_factor, keep } =
            sign_in_form::checked(form).map_err(Problem::invalid)?;
        if makes_keyring {
            let made = self.receiver.accounts().make_keyring().await;
            made.map_err(|error| of_account(&error.into()))?;
        }
        match self.receiver.sign_in(base.clone(), proof, two_factor, keep).await {
            Some(Ok(_)) => Ok(()),
            Some(Err(SignInFailure::Market(error))) => {
                Err(sign_in_form::refused(&error, by, &base))
            }
            Some(Err(SignInFailure::Account(error))) => Err(of_account(&error)),
            None => Err(quitting()),
        }
    }

    async fn send_code(&self, base_url: String, email: String) -> Answer<()> {
        let (base, email) = sign_in_form::address(&base_url, &email).map_err(Problem::invalid)?;
        let sent = self.receiver.accounts().send_code(base.clone(), &email).await;
        sent.map_err(|error| sign_in_form::refused(&error, SignInBy::Email, &base))
    }

    async fn forget_account(&self, deletes_inbox: bool) -> Answer<()> {
        match self.receiver.forget_account().await {
            Some(result) => result.map_err(|error| of_account(&error))?,
            None => return Err(quitting()),
        }
        if !deletes_inbox {
            return Ok(());
        }
        let deleted = self.receiver.delete_everything().await.map_err(of_store);
        accounts::left(self).await?;
        deleted
    }

    async fn show_account(&self, account: String) -> Answer<()> {
        accounts::show(self, &account)
    }

    async fn add_account(&self) -> Answer<()> {
        accounts::add(self).await
    }

    async fn quit(&self) -> Answer<()> {
        self.page.roster.shared.quit.now();
        Ok(())
    }

    async fn play_demo(&self) -> Answer<()> {
        accounts::play_demo(self).await
    }

    async fn rename_account(&self, label: String) -> Answer<()> {
        accounts::rename(self, label).await
    }

    async fn set_preferences(&self, preferences: Preferences) -> Answer<()> {
        preferences.check().map_err(|error| Problem::invalid(vec![error]))?;
        let chosen = async {
            self.choices.choose(preferences).await?;
            self.page.roster.follow(&self.account).await
        };
        chosen.await.map_err(|error| Problem::of(ProblemCode::Settings, &format!("{error:#}")))
    }

    async fn starts_with_computer(&self) -> Answer<bool> {
        let page = &self.page;
        page.autostart.is_on(&page.roster).await.map_err(|error| of_start(&error))
    }

    async fn start_with_computer(&self, on: bool) -> Answer<()> {
        let page = &self.page;
        page.autostart.set(&page.roster, on).await.map_err(|error| of_start(&error))
    }

    async fn check_draft(&self, draft: Draft) -> Answer<DraftCheck> {
        Ok(compose::check(&draft, &self.choices.links(), view::millis(SystemTime::now())))
    }

    async fn open_diagnostics(&self) -> Answer<DiagnosticsView> {
        Ok(diagnostics::open(self))
    }

    async fn close_diagnostics(&self) -> Answer<()> {
        self.account.diagnostics.close();
        Ok(())
    }

    async fn check(&self, part: Part) -> Answer<Checked> {
        Ok(Checked(diagnostics::check(self, part).await))
    }

    async fn report(&self, webview: Option<String>) -> Answer<String> {
        Ok(diagnostics::report(self, webview.as_deref()))
    }

    async fn send(&self, draft: Draft) -> Answer<SendOutcome> {
        sending::send(self, &draft).await
    }

    async fn begin_send(&self, draft: Draft, due_ms: Option<i64>) -> Answer<i64> {
        sending::begin(self, &draft, due_ms).await
    }

    async fn undo_sending(&self, id: i64) -> Answer<bool> {
        sending::undo(self, id).await
    }

    async fn check_list(&self, list: ListDraft) -> Answer<ListCheck> {
        sending::check_list(list).await
    }

    async fn start_list(&self, list: ListDraft, per_second: u16, at_once: u16) -> Answer<i64> {
        sending::start(self, list, per_second, at_once).await
    }

    async fn pause_sending(&self, id: i64) -> Answer<()> {
        sending::halt(self, id, Halt::Paused)
    }

    async fn stop_sending(&self, id: i64) -> Answer<()> {
        sending::halt(self, id, Halt::Stopped)
    }

    async fn resume_sending(&self, id: i64) -> Answer<()> {
        sending::resume(self, id).await
    }

    async fn retry_refused(&self, id: i64) -> Answer<()> {
        sending::retry(self, id).await
    }

    async fn sent_page(&self, request: SentRequest) -> Answer<SentPage> {
        sending::sent(self, request).await
    }

    async fn sent_lines(
        &self,
        id: i64,
        outcome: Option<LineOutcome>,
        after: u32,
    ) -> Answer<LinesPage> {
        sending::lines(self, id, outcome, after).await
    }

    async fn export_sent(&self, id: i64) -> Answer<Exported> {
        sending::export(self, id).await
    }

    async fn delete_sent(&self, id: i64) -> Answer<()> {
        sending::delete(self, id).await
    }

    async fn live_numbers(&self) -> Answer<Live<LiveNumbers>> {
        live::numbers(self).await
    }

    async fn live_user(&self, user_id: String) -> Answer<Live<LiveUser>> {
        live::user(self, &user_id).await
    }

    async fn disconnect_everyone(&self) -> Answer<Live<()>> {
        live::disconnect_everyone(self).await
    }
}

fn inbox(page: &AccountPage) -> Answer<Inbox> {
    page.receiver.inbox().ok_or_else(|| Problem::of(ProblemCode::Inbox, "the inbox is not open"))
}

async fn kept(page: &AccountPage, id: AlertId) -> Answer<Alert> {
    let alert = inbox(page)?.get(id).await.map_err(of_store)?;
    alert.ok_or_else(gone)
}

fn gone() -> Problem {
    Problem::of(ProblemCode::Inbox, "this alert is no longer in the inbox")
}

fn quitting() -> Problem {
    Problem::of(ProblemCode::Internal, "the app is quitting")
}

fn of_start(error: &AutostartError) -> Problem {
    let code = match error {
        AutostartError::Refused => ProblemCode::StartRefused,
        AutostartError::Failed(_) => ProblemCode::Start,
    };
    Problem::of(code, &error.to_string())
}

fn of_store(error: StoreError) -> Problem {
    // With SQLite's own words.
    Problem::of(ProblemCode::Inbox, &format!("{:#}", anyhow::Error::from(error)))
}

pub(super) fn of_account(error: &AccountError) -> Problem {
    let code = match error {
        AccountError::Keyring(KeyringError::Locked) => ProblemCode::KeyringLocked,
        AccountError::Keyring(KeyringError::Denied) => ProblemCode::KeyringDenied,
        AccountError::Keyring(KeyringError::NoCollection) => ProblemCode::KeyringEmpty,
        AccountError::Keyring(_) => ProblemCode::KeyringUnavailable,
        AccountError::AlreadyHere(_) => ProblemCode::AlreadyHere,
        AccountError::Settings(_) | AccountError::DeviceId(..) => ProblemCode::Settings,
    };
    Problem::of(code, &error.to_string())
}
