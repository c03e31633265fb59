// This file is generated from src-tauri/crates/resident/src/ipc/calls.rs. Do not edit it.
import type { AccountForm } from "./AccountForm";
import type { AlertDetail } from "./AlertDetail";
import type { Checked } from "./Checked";
import type { Deleted } from "./Deleted";
import type { DiagnosticsView } from "./DiagnosticsView";
import type { Draft } from "./Draft";
import type { DraftCheck } from "./DraftCheck";
import type { ExportFormat } from "./ExportFormat";
import type { Exported } from "./Exported";
import type { InboxPage } from "./InboxPage";
import type { LineOutcome } from "./LineOutcome";
import type { LinesPage } from "./LinesPage";
import type { List } from "./List";
import type { ListCheck } from "./ListCheck";
import type { ListDraft } from "./ListDraft";
import type { Live } from "./Live";
import type { LiveNumbers } from "./LiveNumbers";
import type { LiveUser } from "./LiveUser";
import type { MarkedAll } from "./MarkedAll";
import type { PageRequest } from "./PageRequest";
import type { Part } from "./Part";
import type { PauseChoice } from "./PauseChoice";
import type { Preferences } from "./Preferences";
import type { RemindWhen } from "./RemindWhen";
import type { ReminderOffer } from "./ReminderOffer";
import type { Rules } from "./Rules";
import type { RulesPreview } from "./RulesPreview";
import type { SendOutcome } from "./SendOutcome";
import type { SentPage } from "./SentPage";
import type { SentRequest } from "./SentRequest";
import type { SignInForm } from "./SignInForm";
import type { SnoozeChoice } from "./SnoozeChoice";
import type { Subject } from "./Subject";
import type { Which } from "./Which";

/** What the page may ask. Every call rejects with a `Problem`. */
export interface Calls {
  /**
   * One page of the list, newest first.
   */
  inboxPage(request: PageRequest): Promise<InboxPage>;
  /**
   * The orders and the people that a text names, of the newest alerts that say it: a few.
   */
  subjects(text: string): Promise<Array<Subject>>;
  /**
   * One alert, whole.
   */
  alert(id: number): Promise<AlertDetail>;
  /**
   * Marks alerts as read or unread.
   */
  mark(which: Which, read: boolean): Promise<void>;
  /**
   * Marks all of these as read; the marking that it gives makes exactly those unread again with
   * `undo_mark_all`, for a minute. Where it stopped in between there is a problem too.
   */
  markAllRead(which: Which): Promise<MarkedAll>;
  /**
   * Makes unread again what was marked; what was read elsewhere since stays read.
   */
  undoMarkAll(marking: number): Promise<void>;
  /**
   * Gives alerts a star, or takes it away.
   */
  star(ids: Array<number>, starred: boolean): Promise<void>;
  /**
   * Reminds of an alert at a time, or not any more.
   */
  remind(id: number, when: RemindWhen): Promise<void>;
  /**
   * The times that are offered to be reminded at, as of now.
   */
  reminderOffers(): Promise<Array<ReminderOffer>>;
  /**
   * Deletes alerts; the deletion that it gives brings them back with `undo_delete`, for a minute. Where
   * it stopped in between there is a problem too.
   */
  deleteAlerts(which: Which): Promise<Deleted>;
  /**
   * Brings back what was deleted.
   */
  undoDelete(deletion: number): Promise<void>;
  /**
   * Deletes every alert at once and for good.
   */
  deleteEverything(): Promise<void>;
  /**
   * Writes what a list shows into the person's folder of downloads.
   */
  exportInbox(list: List, format: ExportFormat): Promise<Exported>;
  /**
   * Shows the last export in the system's file manager.
   */
  showExport(): Promise<void>;
  /**
   * Sets a file aside that can't be the inbox, and begins a new one. It is never deleted.
   */
  setInboxAside(): Promise<void>;
  /**
   * Opens an alert's link outside, after it was checked. `asked`: the person was shown its host and
   * said yes.
   */
  openLink(id: number, asked: boolean): Promise<void>;
  /**
   * Shows no toasts for a while, or shows them again.
   */
  snooze(choice: SnoozeChoice): Promise<void>;
  /**
   * What rules would have done with the alerts of the last 30 days.
   */
  previewRules(rules: Rules): Promise<RulesPreview>;
  /**
   * Sends a test message to oneself; how far it comes is told by `tested` events.
   */
  sendTest(): Promise<void>;
  /**
   * Disconnects for a while, or connects again: this account, or all of them.
   */
  pause(choice: PauseChoice, all: boolean): Promise<void>;
  /**
   * Connects now, whatever the schedule says.
   */
  reconnect(): Promise<void>;
  /**
   * Signs a person in; a new snapshot follows.
   */
  signIn(form: SignInForm): Promise<void>;
  /**
   * Has the market send a code to an email address.
   */
  sendCode(baseUrl: string, email: string): Promise<void>;
  /**
   * Checks and keeps the account; a new snapshot follows.
   */
  saveAccount(form: AccountForm): Promise<void>;
  /**
   * Signs out: forgets the account and its token, and the inbox where that is wished; a further account
   * goes with its inbox, and a new snapshot of another follows.
   */
  forgetAccount(deletesInbox: boolean): Promise<void>;
  /**
   * Turns to another account; a new snapshot follows.
   */
  showAccount(account: string): Promise<void>;
  /**
   * Turns to an account that is nobody's yet; a new snapshot follows.
   */
  addAccount(): Promise<void>;
  /**
   * Has the app quit, as the tray does.
   */
  quit(): Promise<void>;
  /**
   * Plays the demo, and turns to its account; a new snapshot follows.
   */
  playDemo(): Promise<void>;
  /**
   * Calls the account something else.
   */
  renameAccount(label: string): Promise<void>;
  /**
   * Keeps the choices; a new snapshot follows, in the chosen language.
   */
  setPreferences(preferences: Preferences): Promise<void>;
  /**
   * Whether the desktop starts the app with the computer, as it is now.
   */
  startsWithComputer(): Promise<boolean>;
  /**
   * Has the desktop start the app with the computer, or not.
   */
  startWithComputer(on: boolean): Promise<void>;
  /**
   * Says what is wrong with a draft and how it will look. Sends nothing.
   */
  checkDraft(draft: Draft): Promise<DraftCheck>;
  /**
   * Opens the diagnostics: from now on `day` and `pulse` events tell what happens to the connection.
   */
  openDiagnostics(): Promise<DiagnosticsView>;
  /**
   * Closes them.
   */
  closeDiagnostics(): Promise<void>;
  /**
   * Checks one part of what alerts need, and says what was found; of the market also what its answer says
   * of sign-in and clock. Disturbs no connection that is open.
   */
  check(part: Part): Promise<Checked>;
  /**
   * A report of versions, checks and the connection's last day, in which nothing is private. `webview` is
   * the version of what the page runs in.
   */
  report(webview: string | null): Promise<string>;
  /**
   * Sends once. Whatever the outcome, it is never repeated by itself.
   */
  send(draft: Draft): Promise<SendOutcome>;
  /**
   * Sends once, in ten seconds or at `due_ms`, while the app runs. Until then `undo_sending` undoes it.
   */
  beginSend(draft: Draft, dueMs: number | null): Promise<number>;
  /**
   * Undoes what waits for its time; whether nothing had left.
   */
  undoSending(id: number): Promise<boolean>;
  /**
   * Looks at a list, line by line. Sends nothing.
   */
  checkList(list: ListDraft): Promise<ListCheck>;
  /**
   * Sends to a list, with limits on requests in a second and requests under way. How far it is, is told by
   * `sendings` events.
   */
  startList(list: ListDraft, perSecond: number, atOnce: number): Promise<number>;
  /**
   * Has a sending stand. What is under way is waited for.
   */
  pauseSending(id: number): Promise<void>;
  /**
   * The same, for good, as far as a person can tell now.
   */
  stopSending(id: number): Promise<void>;
  /**
   * Goes on with a sending: what was not tried, or of which nothing left.
   */
  resumeSending(id: number): Promise<void>;
  /**
   * Tries again what the market refused, and goes on.
   */
  retryRefused(id: number): Promise<void>;
  /**
   * What was sent, or was to be, newest first.
   */
  sentPage(request: SentRequest): Promise<SentPage>;
  /**
   * The recipients of a sending behind a line, and what became of each.
   */
  sentLines(id: number, outcome: LineOutcome | null, after: number): Promise<LinesPage>;
  /**
   * Writes what became of each recipient into the person's folder of downloads.
   */
  exportSent(id: number): Promise<Exported>;
  /**
   * Forgets a sending, where it isn't being sent.
   */
  deleteSent(id: number): Promise<void>;
  /**
   * The market's numbers of connections and messages, as they are now.
   */
  liveNumbers(): Promise<Live<LiveNumbers>>;
  /**
   * Whether a user is connected now.
   */
  liveUser(userId: string): Promise<Live<LiveUser>>;
  /**
   * Ends everyone's connection; apps connect again by themselves.
   */
  disconnectEveryone(): Promise<Live<null>>;
}

/** Of each call its name as it crosses, and those of its arguments in their order. */
export const CALLS: { readonly [Name in keyof Calls]: readonly [string, ...string[]] } = {
  inboxPage: ["inbox_page", "request"],
  subjects: ["subjects", "text"],
  alert: ["alert", "id"],
  mark: ["mark", "which", "read"],
  markAllRead: ["mark_all_read", "which"],
  undoMarkAll: ["undo_mark_all", "marking"],
  star: ["star", "ids", "starred"],
  remind: ["remind", "id", "when"],
  reminderOffers: ["reminder_offers"],
  deleteAlerts: ["delete_alerts", "which"],
  undoDelete: ["undo_delete", "deletion"],
  deleteEverything: ["delete_everything"],
  exportInbox: ["export_inbox", "list", "format"],
  showExport: ["show_export"],
  setInboxAside: ["set_inbox_aside"],
  openLink: ["open_link", "id", "asked"],
  snooze: ["snooze", "choice"],
  previewRules: ["preview_rules", "rules"],
  sendTest: ["send_test"],
  pause: ["pause", "choice", "all"],
  reconnect: ["reconnect"],
  signIn: ["sign_in", "form"],
  sendCode: ["send_code", "baseUrl", "email"],
  saveAccount: ["save_account", "form"],
  forgetAccount: ["forget_account", "deletesInbox"],
  showAccount: ["show_account", "account"],
  addAccount: ["add_account"],
  quit: ["quit"],
  playDemo: ["play_demo"],
  renameAccount: ["rename_account", "label"],
  setPreferences: ["set_preferences", "preferences"],
  startsWithComputer: ["starts_with_computer"],
  startWithComputer: ["start_with_computer", "on"],
  checkDraft: ["check_draft", "draft"],
  openDiagnostics: ["open_diagnostics"],
  closeDiagnostics: ["close_diagnostics"],
  check: ["check", "part"],
  report: ["report", "webview"],
  send: ["send", "draft"],
  beginSend: ["begin_send", "draft", "dueMs"],
  undoSending: ["undo_sending", "id"],
  checkList: ["check_list", "list"],
  startList: ["start_list", "list", "perSecond", "atOnce"],
  pauseSending: ["pause_sending", "id"],
  stopSending: ["stop_sending", "id"],
  resumeSending: ["resume_sending", "id"],
  retryRefused: ["retry_refused", "id"],
  sentPage: ["sent_page", "request"],
  sentLines: ["sent_lines", "id", "outcome", "after"],
  exportSent: ["export_sent", "id"],
  deleteSent: ["delete_sent", "id"],
  liveNumbers: ["live_numbers"],
  liveUser: ["live_user", "userId"],
  disconnectEveryone: ["disconnect_everyone"],
};
