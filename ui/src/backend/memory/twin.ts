/**
 * A program in memory: it keeps the promises of `Backend` that the page relies on, and lets a test
 * play the rest of the world (the market, the network, the desktop).
 */
import type { AccountForm } from '../../bindings/AccountForm';
import type { AlertDetail } from '../../bindings/AlertDetail';
import type { AlertRow } from '../../bindings/AlertRow';
import type { Counts } from '../../bindings/Counts';
import type { Draft } from '../../bindings/Draft';
import type { Notice } from '../../bindings/Notice';
import type { PageEvent } from '../../bindings/PageEvent';
import type { PageRequest } from '../../bindings/PageRequest';
import type { Preferences } from '../../bindings/Preferences';
import type { Problem } from '../../bindings/Problem';
import type { SendOutcome } from '../../bindings/SendOutcome';
import type { Snapshot } from '../../bindings/Snapshot';
import type { StatusView } from '../../bindings/StatusView';
import type { Backend } from '../types';
import { checkAccount, checkDraft } from './checks';
import { ageOf, detailOf, stories, type Story } from './market';

interface Kept {
  id: number;
  receivedMs: number;
  read: boolean;
  story: Story;
}

/** How a twin begins. */
export interface Beginning {
  account: boolean;
  alerts: number;
  language: 'en' | 'zh-TW';
  theme: Preferences['theme'];
}

/** The backend for tests. What it was asked is in `calls`, newest last. */
export class Twin implements Backend {
  readonly calls: { name: string; argument: unknown }[] = [];
  /** What the next calls of `send` answer, first come first served; accepted when empty. */
  readonly outcomes: (SendOutcome | Promise<SendOutcome>)[] = [];
  /** What the next calls of the named command reject with. */
  readonly problems = new Map<string, Problem>();

  #listener: ((event: PageEvent) => void) | null = null;
  #snapshot: Snapshot;
  #alerts: Kept[] = [];

  constructor(beginning: Beginning) {
    const now = Date.now();
    for (let n = beginning.alerts - 1; n >= 0; n -= 1) {
      const story = stories[n % stories.length];
      if (story !== undefined)
        this.#alerts.push({
          id: beginning.alerts - n,
          receivedMs: now - ageOf(n),
          read: n > 2,
          story,
        });
    }
    this.#snapshot = {
      account: beginning.account
        ? accountFor('https://agoramarketapi.onrender.com/api', '4021')
        : null,
      status: beginning.account
        ? { state: 'connected', sinceMs: now - 600_000, heardMs: now - 12_000 }
        : { state: 'signed_out', reason: null },
      counts: { unread: 0, total: 0, categories: {} },
      preferences: { language: beginning.language, theme: beginning.theme },
      language: beginning.language,
      notices: [],
      open: null,
      version: '0.1.0',
    };
  }

  // What a test plays.

  /** The market sends the n-th story (round and round) as a new alert. */
  arrive(n: number, words?: Partial<Record<'title' | 'content', string>>): number {
    const story = stories[n % stories.length];
    if (story === undefined) throw new RangeError(`no story ${n}`);
    const { language } = this.#snapshot;
    const told: Story = {
      ...story,
      words: { ...story.words, [language]: { ...story.words[language], ...words } },
    };
    const id = (this.#alerts.at(-1)?.id ?? 0) + 1;
    const kept = { id, receivedMs: Date.now(), read: false, story: told };
    this.#alerts.push(kept);
    this.#emit({ type: 'arrived', alerts: [this.#row(kept)], counts: this.#counts() });
    return id;
  }

  become(status: StatusView): void {
    this.#snapshot = { ...this.#snapshot, status };
    this.#emit({ type: 'status', status });
  }

  lack(notices: Notice[]): void {
    this.#snapshot = { ...this.#snapshot, notices };
    this.#emit({ type: 'notices', notices });
  }

  /** A toast for this alert is clicked. */
  clickToast(id: number): void {
    this.#emit({ type: 'open', id });
  }

  /** The page lagged behind and gets everything anew. */
  resend(): void {
    this.#emit({
      type: 'snapshot',
      snapshot: { ...this.#snapshot, counts: this.#counts() },
    });
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

  async inboxPage(request: PageRequest): Promise<{ alerts: AlertRow[]; more: boolean }> {
    this.#asked('inboxPage', request);
    const matching = this.#alerts
      .filter(({ id }) => request.before === null || id < request.before)
      .filter(({ story }) => request.category === null || story.category === request.category)
      .filter(({ read }) => !request.unread || !read)
      .filter(({ story }) => !request.urgent || story.urgent === true)
      .reverse();
    return {
      alerts: matching.slice(0, request.limit).map((kept) => this.#row(kept)),
      more: matching.length > request.limit,
    };
  }

  async alert(id: number): Promise<AlertDetail> {
    this.#asked('alert', id);
    const kept = this.#alerts.find((each) => each.id === id);
    if (kept === undefined) throw problem('inbox', `no alert ${id}`);
    return detailOf(kept.story, kept, this.#snapshot.language);
  }

  async markRead(ids: number[], read: boolean): Promise<void> {
    this.#asked('markRead', { ids, read });
    for (const kept of this.#alerts) if (ids.includes(kept.id)) kept.read = read;
    this.#emit({ type: 'marked', ids, read, counts: this.#counts() });
  }

  async openLink(id: number): Promise<void> {
    this.#asked('openLink', id);
  }

  async pause(paused: boolean): Promise<void> {
    this.#asked('pause', paused);
    this.become(paused ? { state: 'paused' } : connectedNow());
  }

  async reconnect(): Promise<void> {
    this.#asked('reconnect', null);
    this.become({ state: 'connecting' });
  }

  async saveAccount(form: AccountForm): Promise<void> {
    this.#asked('saveAccount', form);
    const fields = checkAccount(form);
    if (fields.length > 0) throw problem('invalid', 'The form is wrong.', fields);
    const account = accountFor(form.baseUrl, form.userId, form.clientId);
    const token = form.memoryOnly ? 'memory_only' : 'keyring';
    this.#snapshot = {
      ...this.#snapshot,
      account: { ...account, token: form.token ? token : 'none' },
      status: connectedNow(),
    };
    this.resend();
  }

  async forgetAccount(): Promise<void> {
    this.#asked('forgetAccount', null);
    const status: StatusView = { state: 'signed_out', reason: null };
    this.#snapshot = { ...this.#snapshot, account: null, status };
    this.resend();
  }

  async setPreferences(preferences: Preferences): Promise<void> {
    this.#asked('setPreferences', preferences);
    const language = preferences.language === 'system' ? 'en' : preferences.language;
    this.#snapshot = { ...this.#snapshot, preferences, language };
    this.resend();
  }

  async checkDraft(draft: Draft): Promise<ReturnType<typeof checkDraft>> {
    this.#asked('checkDraft', draft);
    return checkDraft(draft);
  }

  async send(draft: Draft): Promise<SendOutcome> {
    this.#asked('send', draft);
    return (await this.outcomes.shift()) ?? { outcome: 'accepted', status: 200 };
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
  }

  #row(kept: Kept): AlertRow {
    const { id, receivedMs, read, story } = kept;
    return detailOf(story, { id, receivedMs, read }, this.#snapshot.language).row;
  }

  #counts(): Counts {
    const categories: Counts['categories'] = {};
    for (const { read, story } of this.#alerts) {
      const count = (categories[story.category] ??= { unread: 0, total: 0 });
      count.total += 1;
      if (!read) count.unread += 1;
    }
    const unread = this.#alerts.filter(({ read }) => !read).length;
    return { unread, total: this.#alerts.length, categories };
  }
}

function connectedNow(): StatusView {
  return { state: 'connected', sinceMs: Date.now(), heardMs: Date.now() };
}

function accountFor(baseUrl: string, userId: string | null, clientId: string | null = null) {
  const found = clientId === null ? null : /^user_(\d+)_[\w-]{8,32}$/.exec(clientId);
  return {
    baseUrl,
    clientId: clientId ?? `user_${userId}_tea-desk-7f3a`,
    userId: clientId === null ? userId : (found?.[1] ?? null),
    token: 'keyring' as const,
    unusualClientId: clientId !== null && found === null,
  };
}

function problem(code: string, message: string, fields: Problem['fields'] = []): Problem {
  return { code, message, fields };
}
