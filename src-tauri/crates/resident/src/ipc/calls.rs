//! What the page may ask: each call is written once, here.
//!
//! What the compiler makes of the list: [`Call`], as a call crosses; [`Answers`], which whoever answers
//! implements; and the way from the one to the other. What is generated from it: `calls.ts` among the
//! page's bindings, with each call's name, arguments and answer.

use super::{
    AccountForm, AlertDetail, Checked, Deleted, DiagnosticsView, Draft, DraftCheck, ExportFormat,
    Exported, InboxPage, LineOutcome, LinesPage, List, ListCheck, ListDraft, Live, LiveNumbers,
    LiveUser, MarkedAll, PageRequest, PauseChoice, Preferences, Problem, ProblemCode, RemindWhen,
    ReminderOffer, Rules, RulesPreview, SendOutcome, SentPage, SentRequest, SignInForm,
    SnoozeChoice, Subject, Which,
};
use agora_doctor::Part;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a call gives, or why it can't.
pub(crate) type Answer<T> = Result<T, Problem>;

macro_rules! calls {
    ($($(#[doc = $doc:literal])* $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// A call as it crosses, such as `{"name": "mark", "arguments": {"which": …, "read": true}}`; with it
        /// goes which account it is of, as `"account": "main"`.
        // No `Debug`: the account's form holds a token.
        #[derive(Deserialize)]
        #[serde(tag = "name", content = "arguments", rename_all_fields = "camelCase")]
        #[expect(non_camel_case_types, reason = "a call has one name")]
        pub(crate) enum Call {
            $($(#[doc = $doc])* $name { $($argument: $type),* },)*
        }

        impl Call {
            /// Has it answered.
            pub(crate) async fn answered_by(self, answers: &impl Answers) -> Answer<Value> {
                match self {
                    $(Self::$name { $($argument),* } => {
                        as_json(answers.$name($($argument),*).await?)
                    })*
                }
            }
        }

        /// Who answers calls.
        pub(crate) trait Answers: Sync {
            $($(#[doc = $doc])*
            fn $name(&self, $($argument: $type),*) -> impl Future<Output = Answer<$answer>> + Send;)*
        }

        /// The list, for what is generated from it.
        #[cfg(test)]
        fn listed(config: &ts_rs::Config) -> Vec<typescript::Listed> {
            vec![$(typescript::Listed {
                doc: &[$($doc),*],
                name: stringify!($name),
                arguments: vec![
                    $((stringify!($argument), typescript::Named::of::<$type>(config))),*
                ],
                answer: typescript::Named::of::<$answer>(config),
            }),*]
        }
    };
}

calls! {
    /// One page of the list, newest first.
    inbox_page(request: PageRequest) -> InboxPage;
    /// The orders and the people that a text names, of the newest alerts that say it: a few.
    subjects(text: String) -> Vec<Subject>;
    /// One alert, whole.
    alert(id: i64) -> AlertDetail;
    /// Marks alerts as read or unread.
    mark(which: Which, read: bool) -> ();
    /// Marks all of these as read; the marking that it gives makes exactly those unread again with
    /// `undo_mark_all`, for a minute. Where it stopped in between there is a problem too.
    mark_all_read(which: Which) -> MarkedAll;
    /// Makes unread again what was marked; what was read elsewhere since stays read.
    undo_mark_all(marking: i64) -> ();
    /// Gives alerts a star, or takes it away.
    star(ids: Vec<i64>, starred: bool) -> ();
    /// Reminds of an alert at a time, or not any more.
    remind(id: i64, when: RemindWhen) -> ();
    /// The times that are offered to be reminded at, as of now.
    reminder_offers() -> Vec<ReminderOffer>;
    /// Deletes alerts; the deletion that it gives brings them back with `undo_delete`, for a minute. Where
    /// it stopped in between there is a problem too.
    delete_alerts(which: Which) -> Deleted;
    /// Brings back what was deleted.
    undo_delete(deletion: i64) -> ();
    /// Deletes every alert at once and for good.
    delete_everything() -> ();
    /// Writes what a list shows into the person's folder of downloads.
    export_inbox(list: List, format: ExportFormat) -> Exported;
    /// Shows the last export in the system's file manager.
    show_export() -> ();
    /// Sets a file aside that can't be the inbox, and begins a new one. It is never deleted.
    set_inbox_aside() -> ();
    /// Opens an alert's link outside, after it was checked. `asked`: the person was shown its host and
    /// said yes.
    open_link(id: i64, asked: bool) -> ();
    /// Shows no toasts for a while, or shows them again.
    snooze(choice: SnoozeChoice) -> ();
    /// What rules would have done with the alerts of the last 30 days.
    preview_rules(rules: Rules) -> RulesPreview;
    /// Sends a test message to oneself; how far it comes is told by `tested` events.
    send_test() -> ();
    /// Disconnects for a while, or connects again: this account, or all of them.
    pause(choice: PauseChoice, all: bool) -> ();
    /// Connects now, whatever the schedule says.
    reconnect() -> ();
    /// Signs a person in; a new snapshot follows.
    sign_in(form: SignInForm) -> ();
    /// Has the market send a code to an email address.
    send_code(base_url: String, email: String) -> ();
    /// Checks and keeps the account; a new snapshot follows.
    save_account(form: AccountForm) -> ();
    /// Signs out: forgets the account and its token, and the inbox where that is wished; a further account
    /// goes with its inbox, and a new snapshot of another follows.
    forget_account(deletes_inbox: bool) -> ();
    /// Turns to another account; a new snapshot follows.
    show_account(account: String) -> ();
    /// Turns to an account that is nobody's yet; a new snapshot follows.
    add_account() -> ();
    /// Has the app quit, as the tray does.
    quit() -> ();
    /// Plays the demo, and turns to its account; a new snapshot follows.
    play_demo() -> ();
    /// Calls the account something else.
    rename_account(label: String) -> ();
    /// Keeps the choices; a new snapshot follows, in the chosen language.
    set_preferences(preferences: Preferences) -> ();
    /// Whether the desktop starts the app with the computer, as it is now.
    starts_with_computer() -> bool;
    /// Has the desktop start the app with the computer, or not.
    start_with_computer(on: bool) -> ();
    /// Says what is wrong with a draft and how it will look. Sends nothing.
    check_draft(draft: Draft) -> DraftCheck;
    /// Opens the diagnostics: from now on `day` and `pulse` events tell what happens to the connection.
    open_diagnostics() -> DiagnosticsView;
    /// Closes them.
    close_diagnostics() -> ();
    /// Checks one part of what alerts need, and says what was found; of the market also what its answer says
    /// of sign-in and clock. Disturbs no connection that is open.
    check(part: Part) -> Checked;
    /// A report of versions, checks and the connection's last day, in which nothing is private. `webview` is
    /// the version of what the page runs in.
    report(webview: Option<String>) -> String;
    /// Sends once. Whatever the outcome, it is never repeated by itself.
    send(draft: Draft) -> SendOutcome;
    /// Sends once, in ten seconds or at `due_ms`, while the app runs. Until then `undo_sending` undoes it.
    begin_send(draft: Draft, due_ms: Option<i64>) -> i64;
    /// Undoes what waits for its time; whether nothing had left.
    undo_sending(id: i64) -> bool;
    /// Looks at a list, line by line. Sends nothing.
    check_list(list: ListDraft) -> ListCheck;
    /// Sends to a list, with limits on requests in a second and requests under way. How far it is, is told by
    /// `sendings` events.
    start_list(list: ListDraft, per_second: u16, at_once: u16) -> i64;
    /// Has a sending stand. What is under way is waited for.
    pause_sending(id: i64) -> ();
    /// The same, for good, as far as a person can tell now.
    stop_sending(id: i64) -> ();
    /// Goes on with a sending: what was not tried, or of which nothing left.
    resume_sending(id: i64) -> ();
    /// Tries again what the market refused, and goes on.
    retry_refused(id: i64) -> ();
    /// What was sent, or was to be, newest first.
    sent_page(request: SentRequest) -> SentPage;
    /// The recipients of a sending behind a line, and what became of each.
    sent_lines(id: i64, outcome: Option<LineOutcome>, after: u32) -> LinesPage;
    /// Writes what became of each recipient into the person's folder of downloads.
    export_sent(id: i64) -> Exported;
    /// Forgets a sending, where it isn't being sent.
    delete_sent(id: i64) -> ();
    /// The market's numbers of connections and messages, as they are now.
    live_numbers() -> Live<LiveNumbers>;
    /// Whether a user is connected now.
    live_user(user_id: String) -> Live<LiveUser>;
    /// Ends everyone's connection; apps connect again by themselves.
    disconnect_everyone() -> Live<()>;
}

fn as_json(answer: impl Serialize) -> Answer<Value> {
    serde_json::to_value(answer)
        .map_err(|error| Problem::of(ProblemCode::Internal, &error.to_string()))
}

/// The list in the page's language.
#[cfg(test)]
mod typescript {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use ts_rs::{Config, TS, TypeVisitor};

    /// A type as the page names it, with the bindings that it names: itself, or what it is a list of.
    pub(super) struct Named {
        name: String,
        bindings: Vec<String>,
    }

    impl Named {
        pub(super) fn of<T: TS + 'static + ?Sized>(config: &Config) -> Self {
            let mut bindings = Bindings { config, names: Vec::new() };
            bindings.visit::<T>();
            Self { name: T::name(config), bindings: bindings.names }
        }
    }

    struct Bindings<'a> {
        config: &'a Config,
        names: Vec<String>,
    }

    impl TypeVisitor for Bindings<'_> {
        fn visit<T: TS + 'static + ?Sized>(&mut self) {
            if T::output_path().is_some() {
                self.names.push(T::ident(self.config));
            }
            T::visit_generics(self);
        }
    }

    pub(super) struct Listed {
        pub(super) doc: &'static [&'static str],
        pub(super) name: &'static str,
        pub(super) arguments: Vec<(&'static str, Named)>,
        pub(super) answer: Named,
    }

    fn camel(name: &str) -> String {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
    }

    /// The whole of `calls.ts`.
    fn written(listed: &[Listed]) -> String {
        let mut text =
            "// This file is generated from src-tauri/crates/resident/src/ipc/calls.rs. Do not edit it.\n"
                .to_owned();
        let types = listed
            .iter()
            .flat_map(|call| call.arguments.iter().map(|(_, type_)| type_).chain([&call.answer]));
        let bindings: BTreeSet<_> = types.flat_map(|type_| &type_.bindings).collect();
        for name in bindings {
            let _ = writeln!(text, "import type {{ {name} }} from \"./{name}\";");
        }
        text += "\n/** What the page may ask. Every call rejects with a `Problem`. */\nexport interface Calls {\n";
        for Listed { doc, name, arguments, answer } in listed {
            let _ = writeln!(
                text,
                "  /**\n  {}\n   */",
                doc.iter().map(|line| format!(" *{line}")).collect::<Vec<_>>().join("\n  ")
            );
            let arguments: Vec<_> = arguments
                .iter()
                .map(|(name, type_)| format!("{}: {}", camel(name), type_.name))
                .collect();
            let answer = if answer.name == "null" { "void" } else { &answer.name };
            let _ =
                writeln!(text, "  {}({}): Promise<{answer}>;", camel(name), arguments.join(", "));
        }
        text += "}\n\n/** Of each call its name as it crosses, and those of its arguments in their order. */\n";
        text += "export const CALLS: { readonly [Name in keyof Calls]: readonly [string, ...string[]] } = {\n";
        for Listed { name, arguments, .. } in listed {
            let names: Vec<_> = [(*name).to_owned()]
                .into_iter()
                .chain(arguments.iter().map(|(name, _)| camel(name)))
                .map(|name| format!("\"{name}\""))
                .collect();
            let _ = writeln!(text, "  {}: [{}],", camel(name), names.join(", "));
        }
        text + "};\n"
    }

    /// Written beside the page's types, and checked with them.
    #[test]
    fn export_bindings_calls() {
        let config = Config::default().with_large_int("number");
        crate::ipc::write_binding("calls.ts", &written(&super::listed(&config)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_by_its_name_and_the_names_of_its_arguments() {
        let read = |text| serde_json::from_str::<Call>(text);
        let opens = read(r#"{"name":"open_link","arguments":{"id":7,"asked":true}}"#);
        assert!(matches!(opens, Ok(Call::open_link { id: 7, asked: true })));
        let reconnects = read(r#"{"name":"reconnect","arguments":{}}"#);
        assert!(matches!(reconnects, Ok(Call::reconnect {})));
        for wrong in [
            r#"{"name":"open_link","arguments":{"id":7}}"#,
            r#"{"name":"open_link","arguments":{"id":"7","asked":true}}"#,
            r#"{"name":"token","arguments":{}}"#,
            r#"{"arguments":{}}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
