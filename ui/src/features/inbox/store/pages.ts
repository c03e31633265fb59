/**
 * Reads pages of the inbox, one at a time, for one list after the other: an answer for a list that
 * is no longer shown is dropped, and what changed while a page was on its way is put into it.
 */
import { PAGE_LIMIT } from '../../../backend/types';
import type { Calls } from '../../../bindings/calls';
import type { InboxPage } from '../../../bindings/InboxPage';
import type { List } from '../../../bindings/List';
import type { Seek } from '../../../bindings/Seek';
import { mark, without } from './rows';

/** So many pages of a search with few hits are read in a row; then the person is asked. */
const PAGES_IN_A_ROW = 8;
/** A page with fewer hits than this is one with few. */
const FEW = 20;

export class Pages {
  /** Counts up at every new question, so that an answer to an older one is dropped. */
  #turn = 0;
  #marked = new Map<number, boolean>();
  #gone = new Set<number>();
  #inARow = 0;

  constructor(private readonly backend: Calls) {}

  /** Begins anew: whatever is on its way is no longer wanted. Gives the new turn. */
  begin(): number {
    this.#turn += 1;
    this.#marked.clear();
    this.#gone.clear();
    return this.#turn;
  }

  isNow(turn: number): boolean {
    return turn === this.#turn;
  }

  /** Another reading in the same turn begins. */
  resume(): number {
    this.#marked.clear();
    this.#gone.clear();
    return this.#turn;
  }

  /** Whether a search may go on by itself. */
  get mayGoOn(): boolean {
    return this.#inARow < PAGES_IN_A_ROW;
  }

  /** The person wants the search to go on. */
  goOn(): void {
    this.#inARow = 0;
  }

  marked(ids: readonly number[], read: boolean): void {
    for (const id of ids) this.#marked.set(id, read);
  }

  removed(ids: readonly number[]): void {
    for (const id of ids) this.#gone.add(id);
  }

  /** One page; a search goes on through empty ones for a while. `null` when nobody wants it any more. */
  async read(turn: number, list: List, seek: Seek): Promise<InboxPage | null> {
    for (let from = seek; ;) {
      const page = await this.backend.inboxPage({ list, seek: from, limit: PAGE_LIMIT });
      if (!this.isNow(turn)) return null;
      this.#inARow = page.next === null || page.alerts.length >= FEW ? 0 : this.#inARow + 1;
      if (page.alerts.length > 0 || page.next === null || !this.mayGoOn)
        return this.#upToDate(page);
      from = { seek: 'older_than', id: page.next };
    }
  }

  #upToDate(page: InboxPage): InboxPage {
    let alerts = without(page.alerts, (id) => this.#gone.has(id));
    for (const [id, read] of this.#marked) alerts = mark(alerts, [id], read);
    return { alerts: [...alerts], next: page.next };
  }
}
