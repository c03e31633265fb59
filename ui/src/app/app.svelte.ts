/**
 * The page's composition root: the one channel of changes comes in here and is handed to the stores
 * that keep it.
 */
import { createContext } from 'svelte';
import { asProblem, type Backend } from '../backend/types';
import type { Asked } from '../bindings/Asked';
import type { PageEvent } from '../bindings/PageEvent';
import type { Problem } from '../bindings/Problem';
import type { Snapshot } from '../bindings/Snapshot';
import { Composer } from '../features/compose/composer.svelte';
import { Inbox } from '../features/inbox/store/inbox.svelte';
import { speak } from '../i18n/index.svelte';
import { Keyboard } from '../lib/keyboard.svelte';
import { paint } from './theme';
import { Views } from './views.svelte';

export class App {
  /** What Rust last said of everything but the alerts; `null` until it first did. */
  snapshot = $state.raw<Snapshot | null>(null);
  /** Why the core couldn't be reached. */
  problem = $state.raw<Problem | null>(null);
  readonly views = new Views();
  readonly keyboard = new Keyboard(localStorage);
  readonly inbox: Inbox;
  readonly composer: Composer;

  constructor(readonly backend: Backend) {
    this.inbox = new Inbox(backend);
    this.composer = new Composer(backend, localStorage);
  }

  async attach(): Promise<void> {
    this.problem = null;
    try {
      await this.backend.attach((event) => this.#apply(event));
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Shows one alert, from wherever the person is. */
  async openAlert(id: number): Promise<void> {
    this.views.show('inbox');
    await this.inbox.open(id);
  }

  #apply(event: PageEvent): void {
    switch (event.type) {
      case 'snapshot':
        return this.#restart(event.snapshot);
      case 'status':
        return this.#change({ status: event.status });
      case 'notices':
        return this.#change({ notices: event.notices });
      case 'arrived':
        this.#change({ counts: event.counts });
        return this.inbox.arrived(event.alerts);
      case 'marked':
        this.#change({ counts: event.counts });
        return this.inbox.marked(event.ids, event.read);
      case 'deleted':
        this.#change({ counts: event.counts });
        return this.inbox.deleted(event.ids);
      case 'changed':
        this.#change({ counts: event.counts });
        return void this.inbox.changed();
      case 'tested':
        return this.#change({ selfTest: event.selfTest });
      case 'asked':
        return this.#show(event.asked);
    }
  }

  #restart(snapshot: Snapshot): void {
    const sameWords = this.snapshot?.language === snapshot.language;
    speak(snapshot.language);
    paint(snapshot.preferences.theme);
    this.snapshot = snapshot;
    if (snapshot.account === null) this.views.show('inbox');
    void (sameWords ? this.inbox.list.refresh() : this.inbox.list.reload());
    const { openId } = this.inbox;
    if (snapshot.asked !== null) this.#show(snapshot.asked);
    else if (openId !== null && !sameWords) void this.inbox.open(openId);
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
        return this.views.show('compose');
    }
  }

  #change(part: Partial<Snapshot>): void {
    if (this.snapshot !== null) this.snapshot = { ...this.snapshot, ...part };
  }
}

/** The app that the components of `app/` belong to. */
export const [useApp, provideApp] = createContext<App>();
