/**
 * One account of a program in memory: it keeps the promises of `Calls` that the page relies on, and lets a
 * test play the rest of the world (the market, the network, the desktop).
 */
import type { AccountEntry } from '../../bindings/AccountEntry';
import type { AccountForm } from '../../bindings/AccountForm';
import type { TokenState } from '../../bindings/TokenState';
import type { AccountView } from '../../bindings/AccountView';
import type { AlertDetail } from '../../bindings/AlertDetail';
import type { Checked } from '../../bindings/Checked';
import type { Counts } from '../../bindings/Counts';
import type { Deleted } from '../../bindings/Deleted';
import type { DiagnosticsView } from '../../bindings/DiagnosticsView';
import type { Draft } from '../../bindings/Draft';
import type { LineOutcome } from '../../bindings/LineOutcome';
import type { LineView } from '../../bindings/LineView';
import type { LinesPage } from '../../bindings/LinesPage';
import type { ListCheck } from '../../bindings/ListCheck';
import type { ListDraft } from '../../bindings/ListDraft';
import type { SendingView } from '../../bindings/SendingView';
import type { SentPage } from '../../bindings/SentPage';
import type { SentRequest } from '../../bindings/SentRequest';
import type { DraftCheck } from '../../bindings/DraftCheck';
import type { ExportFormat } from '../../bindings/ExportFormat';
import type { Exported } from '../../bindings/Exported';
import type { InboxPage } from '../../bindings/InboxPage';
import type { LinkView } from '../../bindings/LinkView';
import type { Live } from '../../bindings/Live';
import type { LiveNumbers } from '../../bindings/LiveNumbers';
import type { LiveUser } from '../../bindings/LiveUser';
import type { List } from '../../bindings/List';
import type { Language } from '../../bindings/Language';
import type { MarkedAll } from '../../bindings/MarkedAll';
import type { Notice } from '../../bindings/Notice';
import type { Part } from '../../bindings/Part';
import type { PauseChoice } from '../../bindings/PauseChoice';
import type { PageEvent } from '../../bindings/PageEvent';
import type { PageRequest } from '../../bindings/PageRequest';
import type { Preferences } from '../../bindings/Preferences';
import type { Problem } from '../../bindings/Problem';
import type { ProblemCode } from '../../bindings/ProblemCode';
import type { RemindWhen } from '../../bindings/RemindWhen';
import type { ReminderOffer } from '../../bindings/ReminderOffer';
import type { Rules } from '../../bindings/Rules';
import type { RulesPreview } from '../../bindings/RulesPreview';
import type { SelfTest } from '../../bindings/SelfTest';
import type { SendOutcome } from '../../bindings/SendOutcome';
import type { Snapshot } from '../../bindings/Snapshot';
import type { SignInForm } from '../../bindings/SignInForm';
import type { SnoozeChoice } from '../../bindings/SnoozeChoice';
import type { Subject } from '../../bindings/Subject';
import type { StatusView } from '../../bindings/StatusView';
import type { Which } from '../../bindings/Which';
import type { Calls } from '../../bindings/calls';
import { PAGE_LIMIT } from '../types';
import { Alerts, rowOf } from './alerts';
import {
  accountOf,
  checkOf,
  defaults,
  previewOf,
  signInOf,
  subjectsOf,
  webSiteOf,
} from './answers';
import { checksOf, dayUntil, reportOf, versions } from './diagnostics';
import { detailOf, stories } from './market';
import { offersNow, remindedAt, snoozedUntil, testAt } from './plays';

/** How a twin begins. */
export interface Beginning {
  account: boolean;
  /** Its name, and what people call it. */
  name?: string;
  label?: string;
  demo?: boolean;
  /** Its market, where it isn't the usual one. */
  baseUrl?: string;
  alerts: number;
  language: Language;
  theme: Preferences['theme'];
}

/** Whose app it is where a test doesn't say otherwise. */
const OWN = {
  baseUrl: 'https://agoramarketapi.onrender.com/api',
  userId: '4021',
  clientId: null,
};

/** The accounts that it is one of. */
/** What a desktop has of the app, wherever a person switched it. */
export interface Desktop {
  starts: boolean;
}

export interface Peers {
  readonly desktop: Desktop;
  entries(): AccountEntry[];
  /** Something changed that an entry says. */
  changed(): void;
  /** Something was chosen, of which a part holds for all. */
  chosen(snapshot: Snapshot): void;
  show(account: string): void;
  add(): void;
  playDemo(): void;
  /** Its session is forgotten, and its inbox deleted. */
  left(account: string): void;
}

/** The backend for tests. What it was asked is in `calls`, newest last. */
export class Twin implements Calls {
  readonly calls: { name: string; argument: unknown }[] = [];
  /** What was sent, and the recipients of each. */
  sendings: SendingView[] = [];
  lines: LineView[] = [];
  /** What is found in every list. */
  listCheck: ListCheck = {
    columns: [],
    count: 0,
    duplicates: 0,
    faults: [],
    faultCount: 0,
    first: [],
  };
  /** What the next calls of `send` answer, first come first served; accepted when empty. */
  readonly outcomes: (SendOutcome | Promise<SendOutcome>)[] = [];
  /** What the market says of its connections. */
  liveNow: Live<LiveNumbers> = {
    said: 'this',
    live: { users: 380, connections: 412, mostConnections: 1000, messages: 20418, errors: 3 },
  };
  /** What stops the next deletions and markings of all half way. */
  readonly stops: Problem[] = [];
  /** What the next calls of the named command reject with. */
  readonly problems = new Map<string, Problem>();
  readonly desktop: Desktop;

  readonly name: string;
  /** What people call it; `null` where they don't. */
  label: string | null;
  readonly #demo: boolean;
  #listener: ((event: PageEvent) => void) | null = null;
  #snapshot: Snapshot;
  #alerts: Alerts;
  #exported = false;
  /** Whether the page has the diagnostics open. */
  #watched = false;

  constructor(
    beginning: Beginning,
    private readonly peers: Peers | null = null,
  ) {
    const now = Date.now();
    this.desktop = peers?.desktop ?? { starts: false };
    this.name = beginning.name ?? 'main';
    this.label = beginning.label ?? (beginning.account ? OWN.userId : null);
    this.#demo = beginning.demo ?? false;
    this.#alerts = new Alerts(beginning.alerts, now);
    this.#snapshot = {
      account: beginning.account ? { ...ownAccount(beginning.baseUrl), token: 'keyring' } : null,
      shown: this.name,
      accounts: [],
      hasDemo: true,
      status: beginning.account
        ? { state: 'connected', sinceMs: now - 600_000, heardMs: now - 12_000 }
        : { state: 'signed_out', reason: null },
      counts: this.#alerts.counts(),
      preferences: { ...defaults, language: beginning.language, theme: beginning.theme },
      language: beginning.language,
      notices: [],
      asked: null,
      snoozedUntilMs: null,
      selfTest: null,
      webSite: webSiteOf(defaults.webSite).inUse,
      version: '0.1.0',
    };
  }

  /** Itself among the accounts. */
  get entry(): AccountEntry {
    const { account, status } = this.#snapshot;
    return {
      name: this.name,
      label: this.label ?? account?.userId ?? this.name,
      demo: this.#demo,
      baseUrl: account?.baseUrl ?? null,
      state: standingOf(status),
      unread: this.#alerts.counts().unread,
    };
  }

  /** Whether there is anything of anybody's in it. */
  get isSomebodys(): boolean {
    return this.#snapshot.account !== null || this.label !== null;
  }

  /** What the page would be told now. */
  get snapshot(): Snapshot {
    const accounts = this.peers?.entries() ?? [this.entry];
    return { ...this.#snapshot, accounts, counts: this.#alerts.counts() };
  }

  /** What holds for all accounts. */
  share({ preferences, snoozedUntilMs }: Snapshot): void {
    const { theme, language, textSize, startHidden, singleLetters } = preferences;
    const common = { theme, language, textSize, startHidden, singleLetters };
    const own = { ...this.#snapshot.preferences, ...common };
    this.#snapshot = {
      ...this.#snapshot,
      preferences: own,
      language: spoken(own),
      snoozedUntilMs,
    };
  }

  // What a test plays.

  /** Where the account's token is. */
  keep(token: TokenState): void {
    const { account } = this.#snapshot;
    this.#snapshot = { ...this.#snapshot, account: account && { ...account, token } };
    this.resend();
  }

  /** The market sends the n-th story (round and round) as a new alert. */
  arrive(n: number, words?: Partial<Record<'title' | 'content', string>>, link?: LinkView): number {
    const story = stories[n % stories.length];
    if (story === undefined) throw new RangeError(`no story ${n}`);
    const { language } = this.#snapshot;
    const { title, content } = words ?? {};
    const tell = ({ row, ...rest }: AlertDetail): AlertDetail => ({
      ...rest,
      ...(link && { link }),
      ...(content !== undefined && { content }),
      row: { ...row, title: title ?? row.title, excerpt: content ?? row.excerpt },
    });
    const { en, ...others } = story.told;
    const told = Object.entries(others).map(([tag, other]) => [tag, tell(other)] as const);
    const kept = this.#alerts.add({ n, told: { ...Object.fromEntries(told), en: tell(en) } });
    const alerts = [rowOf(kept, language)];
    this.#emit({ type: 'arrived', alerts, counts: this.#alerts.counts() });
    return kept.id;
  }

  become(status: StatusView): void {
    this.#snapshot = { ...this.#snapshot, status };
    this.#emit({ type: 'status', status });
  }

  lack(notices: Notice[]): void {
    this.#snapshot = { ...this.#snapshot, notices };
    this.#emit({ type: 'notices', notices });
  }

  /** The connection's day goes on; whoever has the diagnostics open is told. */
  live(event: Extract<PageEvent, { type: 'day' | 'pulse' }>): void {
    if (this.#watched) this.#emit(event);
  }

  /** A reminder is due. */
  remindNow(id: number): void {
    this.#alerts.due(id);
    this.#followed([id]);
  }

  /** A toast for this alert is clicked. */
  clickToast(id: number): void {
    this.#emit({ type: 'asked', asked: { show: 'alert', id } });
  }

  /** A toast that sums several alerts up is clicked. */
  clickSummary(list: List): void {
    this.#emit({ type: 'asked', asked: { show: 'list', list } });
  }

  /** A toast that tells what came in quiet is clicked. */
  clickAfterQuiet(ids: readonly number[]): void {
    const toldMs = Date.now();
    this.#alerts.tell(ids, toldMs);
    const all = { category: null, unread: false, urgent: false, starred: false, reminders: false };
    this.clickSummary({ ...all, fromMs: null, toMs: null, toldMs, search: '' });
  }

  /** As the tray does. */
  askToDisconnect(): void {
    this.#emit({ type: 'asked', asked: { show: 'disconnect' } });
  }

  /** A test message comes further on its way, or no further. */
  test(selfTest: SelfTest): void {
    this.#snapshot = { ...this.#snapshot, selfTest };
    this.#emit({ type: 'tested', selfTest });
  }

  /** The page lagged behind and gets everything anew. */
  resend(): void {
    this.#emit({ type: 'snapshot', snapshot: this.snapshot });
  }

  /** How another account is has changed. */
  tellOfAccounts(accounts: AccountEntry[]): void {
    this.#emit({ type: 'accounts', accounts });
  }

  detach(): void {
    this.#listener = null;
  }

  // What the page asks.

  async attach(onEvent: (event: PageEvent) => void): Promise<void> {
    this.#asked('attach', null);
    this.#listener = onEvent;
    this.resend();
  }

  async painted(): Promise<void> {
    this.#asked('painted', null);
  }

  async inboxPage(request: PageRequest): Promise<InboxPage> {
    this.#asked('inboxPage', request);
    return this.#alerts.page(request, this.#snapshot.language);
  }

  async alert(id: number): Promise<AlertDetail> {
    this.#asked('alert', id);
    return this.#there(id);
  }

  async subjects(text: string): Promise<Subject[]> {
    this.#asked('subjects', text);
    const { language } = this.#snapshot;
    return subjectsOf(text, language).flatMap((subject) => {
      const newest = this.#alerts.newestOf(subject.newest.id);
      return newest === null ? [] : [{ ...subject, newest: rowOf(newest, language) }];
    });
  }

  async mark(which: Which, read: boolean): Promise<void> {
    this.#asked('mark', { which, read });
    const ids = this.#alerts.keys(which);
    this.#alerts.mark(ids, read);
    this.#tell(ids, (counts) => ({ type: 'marked', ids, read, counts }));
  }

  async markAllRead(which: Which): Promise<MarkedAll> {
    this.#asked('markAllRead', which);
    const problem = this.stops.shift() ?? null;
    const meant = this.#alerts.keys(which);
    const ids = problem === null ? meant : meant.slice(0, Math.floor(meant.length / 2));
    const marking = this.#alerts.markRead(ids);
    this.#tell(ids, (counts) => ({ type: 'marked', ids, read: true, counts }));
    return { marking, problem };
  }

  async undoMarkAll(marking: number): Promise<void> {
    this.#asked('undoMarkAll', marking);
    const ids = this.#alerts.unmark(marking);
    if (ids === null) throw problem('too_late', 'It can no longer be undone.');
    this.#tell(ids, (counts) => ({ type: 'marked', ids, read: false, counts }));
  }

  async star(ids: number[], starred: boolean): Promise<void> {
    this.#asked('star', { ids, starred });
    this.#alerts.star(ids, starred);
    this.#followed(ids);
  }

  async remind(id: number, when: RemindWhen): Promise<void> {
    this.#asked('remind', { id, when });
    this.#there(id);
    this.#alerts.remind(id, remindedAt(when));
    this.#followed([id]);
  }

  async reminderOffers(): Promise<ReminderOffer[]> {
    this.#asked('reminderOffers', null);
    return offersNow();
  }

  async deleteAlerts(which: Which): Promise<Deleted> {
    this.#asked('deleteAlerts', which);
    const meant = this.#alerts.keys(which);
    const problem = this.stops.shift() ?? null;
    const ids = problem === null ? meant : meant.slice(0, Math.floor(meant.length / 2));
    const deletion = problem !== null && ids.length === 0 ? null : this.#alerts.remove(ids);
    this.#tell(ids, (counts) => ({ type: 'deleted', ids, counts }));
    return { deletion, problem };
  }

  async undoDelete(deletion: number): Promise<void> {
    this.#asked('undoDelete', deletion);
    if (!this.#alerts.bringBack(deletion)) throw problem('too_late', 'It can no longer be undone.');
    this.#emit({ type: 'changed', counts: this.#alerts.counts() });
  }

  async deleteEverything(): Promise<void> {
    this.#asked('deleteEverything', null);
    this.#alerts.removeAll();
    this.#emit({ type: 'changed', counts: this.#alerts.counts() });
  }

  async exportInbox(list: List, format: ExportFormat): Promise<Exported> {
    this.#asked('exportInbox', { list, format });
    const all: Which = { which: 'matching', list, upTo: Infinity };
    const path = `/home/mei/Downloads/agora-alerts.${format === 'csv' ? 'csv' : 'jsonl'}`;
    this.#exported = true;
    return { path, count: this.#alerts.keys(all).length };
  }

  async showExport(): Promise<void> {
    this.#asked('showExport', null);
    if (!this.#exported) throw problem('export', 'Nothing was exported yet.');
  }

  async setInboxAside(): Promise<void> {
    this.#asked('setInboxAside', null);
    this.lack([{ code: 'inbox_set_aside', detail: '/home/mei/.local/share/agora/inbox.db.bad' }]);
  }

  async openLink(id: number, asked: boolean): Promise<void> {
    this.#asked('openLink', { id, asked });
    const { link } = this.#there(id);
    if (link?.opens !== 'at_once' && !(link?.opens === 'after_asking' && asked))
      throw problem('link_refused', "This link isn't opened.");
  }

  async snooze(choice: SnoozeChoice): Promise<void> {
    this.#asked('snooze', choice);
    const untilMs = snoozedUntil(choice);
    this.#snapshot = { ...this.#snapshot, snoozedUntilMs: untilMs };
    this.peers?.chosen(this.#snapshot);
    this.resend();
  }

  async previewRules(rules: Rules): Promise<RulesPreview> {
    this.#asked('previewRules', rules);
    const isEmpty = this.#alerts.counts().total === 0;
    return isEmpty ? { total: 0, shown: 0, sounded: 0, muted: [] } : previewOf(rules);
  }

  async sendTest(): Promise<void> {
    this.#asked('sendTest', null);
    this.test(testAt(0));
  }

  async pause(choice: PauseChoice, all: boolean): Promise<void> {
    this.#asked('pause', { choice, all });
    const untilMs = { half_hour: 30, two_hours: 120, until_connected: null, off: null }[choice];
    this.become(
      choice === 'off'
        ? connectedNow()
        : { state: 'paused', untilMs: untilMs === null ? null : Date.now() + untilMs * 60_000 },
    );
  }

  async reconnect(): Promise<void> {
    this.#asked('reconnect', null);
    this.become({ state: 'connecting' });
  }

  async saveAccount(form: AccountForm): Promise<void> {
    this.#asked('saveAccount', form);
    const { account, fields } = accountOf(form);
    if (account === null) throw problem('invalid', 'Some fields are wrong.', fields);
    const token = form.keepIn === 'memory' ? 'memory_only' : 'keyring';
    this.#snapshot = {
      ...this.#snapshot,
      account: { ...account, token: form.token ? token : 'none' },
      status: connectedNow(),
    };
    this.resend();
  }

  /** The market takes whoever comes for the same person. */
  async signIn(form: SignInForm): Promise<void> {
    this.#asked('signIn', form);
    const fields = signInOf(form);
    if (fields.length > 0) throw problem('invalid', 'Some fields are wrong.', fields);
    const { account } = accountOf({ baseUrl: form.baseUrl, userId: '4021', clientId: null });
    const token = form.keepIn === 'memory' ? 'memory_only' : 'keyring';
    this.label ??= form.name;
    this.#snapshot = {
      ...this.#snapshot,
      account: account && { ...account, token },
      status: connectedNow(),
    };
    this.resend();
  }

  async sendCode(baseUrl: string, email: string): Promise<void> {
    this.#asked('sendCode', { baseUrl, email });
  }

  async forgetAccount(deletesInbox: boolean): Promise<void> {
    this.#asked('forgetAccount', deletesInbox);
    const status: StatusView = { state: 'signed_out', reason: null };
    this.#snapshot = { ...this.#snapshot, account: null, status };
    if (deletesInbox) {
      this.#alerts.removeAll();
      this.label = null;
    }
    this.resend();
    if (deletesInbox) this.peers?.left(this.name);
  }

  async showAccount(account: string): Promise<void> {
    this.#asked('showAccount', account);
    this.peers?.show(account);
  }

  async addAccount(): Promise<void> {
    this.#asked('addAccount', null);
    this.peers?.add();
  }

  async quit(): Promise<void> {
    this.#asked('quit', null);
  }

  async playDemo(): Promise<void> {
    this.#asked('playDemo', null);
    this.peers?.playDemo();
  }

  async openDiagnostics(): Promise<DiagnosticsView> {
    this.#asked('openDiagnostics', null);
    this.#watched = true;
    return { day: dayUntil(Date.now()), versions };
  }

  async closeDiagnostics(): Promise<void> {
    this.#asked('closeDiagnostics', null);
    this.#watched = false;
  }

  async check(part: Part): Promise<Checked> {
    this.#asked('check', part);
    return checksOf(part);
  }

  async report(webview: string | null): Promise<string> {
    this.#asked('report', webview);
    return reportOf(webview);
  }

  async renameAccount(label: string): Promise<void> {
    this.#asked('renameAccount', label);
    const rule =
      label.trim() === '' ? 'required' : [...label.trim()].length > 60 ? 'too_long' : null;
    if (rule !== null) {
      const field = {
        field: 'label',
        rule,
        message: '',
        line: null,
        column: null,
        mended: null,
      } as const;
      throw problem('invalid', 'Some fields are wrong.', [field]);
    }
    this.label = label.trim();
    this.#emit({ type: 'accounts', accounts: this.peers?.entries() ?? [this.entry] });
  }

  async setPreferences(preferences: Preferences): Promise<void> {
    this.#asked('setPreferences', preferences);
    const { inUse: webSite, fields } = webSiteOf(preferences.webSite);
    if (fields.length > 0) throw problem('invalid', 'Some fields are wrong.', fields);
    this.#snapshot = { ...this.#snapshot, preferences, language: spoken(preferences), webSite };
    this.peers?.chosen(this.#snapshot);
    this.resend();
  }

  async startsWithComputer(): Promise<boolean> {
    this.#asked('startsWithComputer', null);
    return this.desktop.starts;
  }

  async startWithComputer(on: boolean): Promise<void> {
    this.#asked('startWithComputer', on);
    this.desktop.starts = on;
  }

  async checkDraft(draft: Draft): Promise<DraftCheck> {
    this.#asked('checkDraft', draft);
    return checkOf(draft);
  }

  async liveNumbers(): Promise<Live<LiveNumbers>> {
    this.#asked('liveNumbers', null);
    return this.liveNow;
  }

  async liveUser(userId: string): Promise<Live<LiveUser>> {
    this.#asked('liveUser', userId);
    if (!/^\d+$/.test(userId.trim())) {
      const rule = userId.trim() === '' ? 'required' : 'malformed';
      const field = {
        field: 'user_id',
        rule,
        message: '',
        line: null,
        column: null,
        mended: null,
      } as const;
      throw problem('invalid', 'Some fields are wrong.', [field]);
    }
    const connected = userId.trim() !== '7';
    const since = connected ? '2026-11-23 09:12' : null;
    const connections = connected ? 2 : 0;
    return { said: 'this', live: { userId: userId.trim(), connected, connections, since } };
  }

  async disconnectEveryone(): Promise<Live<null>> {
    this.#asked('disconnectEveryone', null);
    return { said: 'this', live: null };
  }

  async send(draft: Draft): Promise<SendOutcome> {
    this.#asked('send', draft);
    const { errors } = checkOf(draft);
    if (errors.length > 0) throw problem('invalid', 'Some fields are wrong.', errors);
    return (await this.outcomes.shift()) ?? { outcome: 'accepted', status: 200 };
  }

  async beginSend(draft: Draft, dueMs: number | null): Promise<number> {
    this.#asked('beginSend', { draft, dueMs });
    return 1;
  }

  async undoSending(id: number): Promise<boolean> {
    this.#asked('undoSending', id);
    return true;
  }

  async checkList(list: ListDraft): Promise<ListCheck> {
    this.#asked('checkList', list);
    return this.listCheck;
  }

  async startList(list: ListDraft, perSecond: number, atOnce: number): Promise<number> {
    this.#asked('startList', { list, perSecond, atOnce });
    return 1;
  }

  async pauseSending(id: number): Promise<void> {
    this.#asked('pauseSending', id);
  }

  async stopSending(id: number): Promise<void> {
    this.#asked('stopSending', id);
  }

  async resumeSending(id: number): Promise<void> {
    this.#asked('resumeSending', id);
  }

  async retryRefused(id: number): Promise<void> {
    this.#asked('retryRefused', id);
  }

  async sentPage(request: SentRequest): Promise<SentPage> {
    this.#asked('sentPage', request);
    return { sendings: this.sendings, more: false };
  }

  async sentLines(id: number, outcome: LineOutcome | null, after: number): Promise<LinesPage> {
    this.#asked('sentLines', { id, outcome, after });
    return { lines: this.lines, more: false };
  }

  async exportSent(id: number): Promise<Exported> {
    this.#asked('exportSent', id);
    return { path: `/home/lin/Downloads/agora-sent-${id}.csv`, count: this.lines.length };
  }

  async deleteSent(id: number): Promise<void> {
    this.#asked('deleteSent', id);
    this.sendings = this.sendings.filter((sending) => sending.id !== id);
  }

  #there(id: number): AlertDetail {
    const kept = this.#alerts.get(id);
    if (kept === null) throw problem('inbox', 'This alert is no longer in the inbox.');
    return detailOf(kept.story, kept, this.#snapshot.language);
  }

  #asked(name: string, argument: unknown): void {
    this.calls.push({ name, argument });
    const fault = this.problems.get(name);
    if (fault === undefined) return;
    this.problems.delete(name);
    throw fault;
  }

  #emit(event: PageEvent): void {
    // As over the real channel, the page gets a copy.
    this.#listener?.(structuredClone(event));
    if (event.type !== 'accounts') this.peers?.changed();
  }

  #followed(ids: readonly number[]): void {
    const kept = ids.map((id) => this.#alerts.get(id)).filter((each) => each !== null);
    const alerts = kept.map((each) => rowOf(each, this.#snapshot.language));
    this.#emit({ type: 'followed', alerts, counts: this.#alerts.counts() });
  }

  /** Tells of few alerts one by one, and of many that something changed. */
  #tell(ids: readonly number[], event: (counts: Counts) => PageEvent): void {
    const counts = this.#alerts.counts();
    this.#emit(ids.length > PAGE_LIMIT ? { type: 'changed', counts } : event(counts));
  }
}

function spoken({ language }: Preferences): Snapshot['language'] {
  return language === 'system' ? 'en' : language;
}

function standingOf({ state }: StatusView): AccountEntry['state'] {
  switch (state) {
    case 'connected':
    case 'paused':
      return state;
    case 'signed_out':
    case 'refused':
    case 'no_inbox':
      return 'attention';
    default:
      return 'waiting';
  }
}

function connectedNow(): StatusView {
  return { state: 'connected', sinceMs: Date.now(), heardMs: Date.now() };
}

function ownAccount(baseUrl = OWN.baseUrl): AccountView {
  const { account } = accountOf({ ...OWN, baseUrl });
  if (account === null) throw new RangeError('its own account is a good one');
  return { ...account, administers: true };
}

function problem(code: ProblemCode, message: string, fields: Problem['fields'] = []): Problem {
  return { code, message, fields };
}
