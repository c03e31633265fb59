/**
 * What the page holds of one account: what it was last told, its inbox, and its draft. Each account has a
 * desk of its own, so that no answer that comes late is taken for another's.
 */
import { createContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type { Asked } from '../bindings/Asked';
import type { Calls } from '../bindings/calls';
import type { NoticeCode } from '../bindings/NoticeCode';
import type { PageEvent } from '../bindings/PageEvent';
import type { Snapshot } from '../bindings/Snapshot';
import { Composer } from '../features/compose/composer.svelte';
import { Diagnostics } from '../features/diagnostics/diagnostics.svelte';
import { LiveStore } from '../features/live/live.svelte';
import { Inbox } from '../features/inbox/store/inbox.svelte';
import { Sent } from '../features/sent/sent.svelte';
import { speak } from '../i18n/index.svelte';
import type { Columns } from '../lib/columns.svelte';
import { paint } from './theme';
import type { Views } from './views.svelte';

/** What the desks of all accounts share. */
export interface Room {
  readonly views: Views;
  readonly columns: Columns;
  readonly storage: Storage;
}

export class Desk {
  /** What Rust last said of everything but the alerts. */
  snapshot: Snapshot;
  /** Of which accounts the person is asked for how long to disconnect. */
  disconnecting = $state.raw<'this' | 'all' | null>(null);
  readonly views: Views;
  readonly columns: Columns;
  /** The notices that were put away, whichever view was looked at since. */
  readonly hiddenNotices = new SvelteSet<NoticeCode>();
  readonly inbox: Inbox;
  readonly composer: Composer;
  readonly diagnostics: Diagnostics;
  readonly live: LiveStore;
  readonly sent: Sent;

  constructor(
    readonly account: string,
    readonly backend: Calls,
    room: Room,
    first: Snapshot,
  ) {
    this.snapshot = $state.raw(first);
    this.views = room.views;
    this.columns = room.columns;
    this.inbox = new Inbox(backend);
    this.composer = new Composer(backend, room.storage, account, () => this.#hideCompose());
    this.diagnostics = new Diagnostics(backend);
    this.live = new LiveStore(backend);
    this.sent = new Sent(backend);
    this.#begin(first);
    void this.inbox.list.reload();
  }

  /** Shows one alert, from wherever the person is. */
  async openAlert(id: number): Promise<void> {
    this.views.show('inbox');
    await this.inbox.open(id);
  }

  /** Whether messages are written here: as was chosen, or else by what the market said of the person. */
  get composes(): boolean {
    const { preferences, account } = this.snapshot;
    return preferences.composes ?? account?.administers ?? false;
  }

  /** The market let no message through: what would only be refused again is out of the way. */
  #hideCompose(): void {
    const { preferences } = this.snapshot;
    // What can't be kept is hidden after the next refusal.
    void this.backend.setPreferences({ ...preferences, composes: false }).catch(() => undefined);
  }

  apply(event: PageEvent): void {
    switch (event.type) {
      case 'snapshot':
        return this.#restart(event.snapshot);
      case 'status':
        return this.#change({ status: event.status });
      case 'notices':
        return this.#change({ notices: event.notices });
      case 'accounts':
        return this.#change({ accounts: event.accounts });
      case 'arrived':
        this.#change({ counts: event.counts });
        return this.inbox.arrived(event.alerts);
      case 'marked':
        this.#change({ counts: event.counts });
        return this.inbox.marked(event.ids, event.read);
      case 'followed':
        this.#change({ counts: event.counts });
        return this.inbox.followed(event.alerts);
      case 'deleted':
        this.#change({ counts: event.counts });
        return this.inbox.deleted(event.ids);
      case 'changed':
        this.#change({ counts: event.counts });
        return void this.inbox.changed();
      case 'day':
      case 'pulse':
        return this.diagnostics.told(event);
      case 'sendings':
        return this.sent.told(event.sendings);
      case 'tested':
        return this.#change({ selfTest: event.selfTest });
      case 'asked':
        return this.#show(event.asked);
    }
  }

  #restart(snapshot: Snapshot): void {
    const sameWords = this.snapshot.language === snapshot.language;
    this.snapshot = snapshot;
    void (sameWords ? this.inbox.changed() : this.inbox.list.reload());
    this.#begin(snapshot);
    const { openId } = this.inbox;
    if (snapshot.asked === null && openId !== null && !sameWords) void this.inbox.open(openId);
  }

  #begin(snapshot: Snapshot): void {
    speak(snapshot.language);
    paint(snapshot.preferences.theme);
    if (snapshot.account === null) this.views.show('inbox');
    if (snapshot.asked !== null) this.#show(snapshot.asked);
  }

  #show(asked: Asked): void {
    switch (asked.show) {
      case 'alert':
        return void this.openAlert(asked.id);
      case 'list':
        this.views.show('inbox');
        return void this.inbox.show(asked.list);
      case 'settings':
        return this.views.show('settings');
      case 'compose':
        // Whoever may not write messages sees where that can be changed.
        return this.composes ? this.views.show('compose') : this.views.show('settings', 'account');
      case 'disconnect':
        this.disconnecting = 'all';
    }
  }

  #change(part: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
  }
}

/** The desk that the components of `app/` belong to. */
export const [useDesk, provideDesk] = createContext<Desk>();
