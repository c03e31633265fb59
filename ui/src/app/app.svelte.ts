/**
 * The page's composition root: the one channel of changes comes in here and is handed to the desk of the
 * account that is shown.
 */
import { asProblem, type Backend } from '../backend/types';
import type { AccountEntry } from '../bindings/AccountEntry';
import type { PageEvent } from '../bindings/PageEvent';
import type { Problem } from '../bindings/Problem';
import type { Snapshot } from '../bindings/Snapshot';
import { keepOnly } from '../features/compose/kept';
import { Columns } from '../lib/columns.svelte';
import { Desk, type Room } from './desk.svelte';
import { Views } from './views.svelte';

export class App {
  /** The account that is shown; `null` until Rust first said anything. */
  desk = $state.raw<Desk | null>(null);
  /** Why the core couldn't be reached. */
  problem = $state.raw<Problem | null>(null);
  /** All that were shown: who comes back finds what they wrote, and can undo what they did. */
  readonly #desks = new Map<string, Desk>();
  #before: string | null = null;
  readonly #room: Room = {
    views: new Views(),
    columns: new Columns(localStorage),
    storage: localStorage,
  };

  constructor(private readonly backend: Backend) {}

  async attach(): Promise<void> {
    this.problem = null;
    try {
      await this.backend.attach((event) => this.#apply(event));
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** The account that was shown before this one. */
  get before(): string | null {
    return this.#before;
  }

  /** Pastes into the field that has the keyboard. Whether it was done; else the page has to. */
  async paste(): Promise<boolean> {
    return this.backend.paste();
  }

  /** Closes the window. */
  async close(): Promise<void> {
    await this.backend.close();
  }

  /** The page has painted. */
  async painted(): Promise<void> {
    await this.backend.painted();
  }

  #apply(event: PageEvent): void {
    if (event.type === 'snapshot') this.#turn(event.snapshot);
    else this.desk?.apply(event);
    if (event.type === 'snapshot') this.#forget(event.snapshot.accounts);
    else if (event.type === 'accounts') this.#forget(event.accounts);
  }

  #turn(snapshot: Snapshot): void {
    const { shown } = snapshot;
    if (this.desk?.account !== shown) this.#before = this.desk?.account ?? null;
    const known = this.#desks.get(shown);
    known?.apply({ type: 'snapshot', snapshot });
    this.desk = known ?? new Desk(shown, this.backend.of(shown), this.#room, snapshot);
    this.#desks.set(shown, this.desk);
  }

  /** Of an account that is gone nothing is kept, a draft neither. */
  #forget(accounts: readonly AccountEntry[]): void {
    const names = accounts.map(({ name }) => name);
    for (const name of this.#desks.keys())
      if (name !== this.desk?.account && !names.includes(name)) this.#desks.delete(name);
    keepOnly(this.#room.storage, names);
  }
}
