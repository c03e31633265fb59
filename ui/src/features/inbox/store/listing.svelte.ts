/**
 * The list as the window shows it: what it is asked for, the stretch of it that is held, and what
 * arrived since. It never moves what is being read. Counts are the snapshot's; drawing and
 * scrolling are the components'.
 */
import { asProblem } from '../../../backend/types';
import type { Calls } from '../../../bindings/calls';
import type { InboxPage } from '../../../bindings/InboxPage';
import type { List } from '../../../bindings/List';
import type { Problem } from '../../../bindings/Problem';
import type { Seek } from '../../../bindings/Seek';
import { everything } from '../../../lib/everything';
import { mark, matches, merge, renewed, searches, without, type Rows } from './rows';
import { Pages } from './pages';
import * as stretches from './stretch';

/** More arrivals than this aren't held back one by one; the list is read anew instead. */
const HELD_KEPT = 500;
/** So many rows below what is in view are read anew too, when the list is. */
const ROWS_AHEAD = 60;
/** A search is asked for what arrived at most this often, in ms. */
const LOOK_AGAIN = 1_000;

/** Where the list is to stand: told anew, the list scrolls there. */
export type Place = { readonly at: 'top' | 'bottom' } | { readonly at: 'row'; readonly id: number };

export class Listing {
  filter = $state.raw<List>(everything);
  /** The list that the rows are of: the last one whose answer came. */
  shown = $state.raw<List>(everything);
  stretch = $state.raw(stretches.nothing);
  readonly rows: Rows = $derived(this.stretch.rows);
  loading = $state(false);
  /** Whether a first page has been read, so that an empty list means something. */
  ready = $state(false);
  /** Why the list couldn't be read. */
  problem = $state.raw<Problem | null>(null);
  /** What arrived while something else was being read, newest first. */
  held = $state.raw<Rows>([]);
  place = $state.raw<Place>({ at: 'top' });
  /** Whether a search stopped before its end, and asks whether to go on. */
  stopped = $state(false);
  /** Whether the last change of the rows is to be seen happening. What moved out of sight is just there. */
  calm = $state(false);

  /** Told by the list that is drawn: whether it stands at its top, and the last row in view. */
  #atTop = true;
  #lastSeen: number | null = null;
  /** How many arrived that aren't even in `held`. */
  #heldMore = $state(0);
  #newestSeen = 0;
  #looked = 0;
  #looking = false;
  readonly #pages: Pages;

  constructor(
    backend: Calls,
    /** Whether an alert is open. */
    private readonly isOpen: () => boolean,
  ) {
    this.#pages = new Pages(backend);
  }

  /** How many arrived that aren't in the list yet. */
  get waiting(): number {
    return this.held.length + this.#heldMore;
  }

  /** The newest key that this list has ever shown: what was seen of it ends there. */
  get newestSeen(): number {
    return this.#newestSeen;
  }

  /** Whether all of the list is held. */
  get whole(): boolean {
    return this.stretch.atNewest && this.stretch.older === null;
  }

  /** Whether something is being read, so that nothing may move. */
  get reading(): boolean {
    return !this.#atTop || !this.stretch.atNewest || this.isOpen();
  }

  /** Asks for another list. The rows of the old one stay until the new ones are there. */
  async show(filter: List): Promise<void> {
    this.filter = filter;
    this.#newestSeen = 0;
    this.#pages.goOn();
    await this.reload();
    // The rows of another list aren't shown as if they were this one's.
    if (this.problem !== null && this.filter === filter) this.stretch = stretches.nothing;
  }

  /** Reads the list anew from the top. */
  async reload(): Promise<void> {
    const before = new Set(this.rows.map(({ id }) => id));
    this.#letGo();
    await this.#ask(async (read) => {
      const page = await read({ seek: 'newest' });
      // Of the old rows only those stay that arrived while the page was on its way.
      const arrived = this.rows.filter((row) => !before.has(row.id) && matches(this.filter, row));
      this.#atTop = true;
      this.shown = this.filter;
      this.#become(stretches.takeIn(stretches.newest(page), arrived));
      this.place = { at: 'top' };
    });
  }

  /** Reads anew what is held, down to what is in view, without moving what is being read. */
  async refresh(): Promise<void> {
    const [head] = this.rows;
    if (head === undefined || !this.reading) return this.reload();
    const until = this.#rowBelowView();
    const known = new Set(this.rows.map(({ id }) => id));
    await this.#ask(async (read) => {
      let { atNewest } = this.stretch;
      let page = await read(
        atNewest ? { seek: 'newest' } : { seek: 'older_than', id: head.id + 1 },
      );
      const missed = page.alerts.filter(({ id }) => id > head.id);
      if (missed.length === page.alerts.length && page.next !== null) {
        // Too much was missed for the page to reach down to what is known.
        atNewest = false;
        page = await read({ seek: 'older_than', id: head.id + 1 });
      }
      const searching = searches(this.filter);
      const rows = page.alerts.filter(({ id }) => id <= head.id);
      const newer = atNewest || searching ? null : head.id;
      let next = { rows, atNewest, newer, older: page.next } as stretches.Stretch;
      while (next.older !== null && next.older > until && next.rows.length < stretches.ROWS_KEPT) {
        const more = await read({ seek: 'older_than', id: next.older });
        next = stretches.append(next, more, searching);
        if (!this.#pages.mayGoOn) break;
      }
      const arrived = this.rows.filter(({ id }) => !known.has(id));
      this.#become(stretches.takeIn(next, arrived));
      if (atNewest) this.#hold(missed);
    });
    if (this.rows.length === 0 && !this.whole) await this.reload();
  }

  /** Reads the next older page, if there is one and none is on its way. */
  async pullOlder(): Promise<void> {
    const { older } = this.stretch;
    if (older === null || this.loading || this.stopped || this.problem !== null) return;
    await this.#go({ seek: 'older_than', id: older }, (page) =>
      this.#become(stretches.append(this.stretch, page, searches(this.filter))),
    );
  }

  /** Reads the next newer page, if there is one and none is on its way. */
  async pullNewer(): Promise<void> {
    const { newer } = this.stretch;
    if (newer === null || this.loading || this.problem !== null) return;
    await this.#go({ seek: 'newer_than', id: newer }, (page) => {
      this.#become(stretches.prepend(this.stretch, page));
      if (this.stretch.atNewest) this.#meet();
    });
  }

  /** Lets a search go on that stopped before its end. */
  async searchOn(): Promise<void> {
    this.#pages.goOn();
    this.stopped = false;
    await this.pullOlder();
  }

  /** Goes to the last alert before a time. `false` when there is none, and the list stays. */
  async jump(atMs: number): Promise<boolean> {
    let came = true;
    this.#pages.goOn();
    await this.#ask(async (read) => {
      const page = await read({ seek: 'before', at_ms: atMs });
      const [first] = page.alerts;
      came = first !== undefined;
      if (first === undefined) return;
      const searching = searches(this.filter);
      let next = stretches.elsewhere(page, searching);
      // With what is above it, so that the list can be scrolled both ways from the start.
      if (!searching)
        next = stretches.prepend(next, await read({ seek: 'newer_than', id: first.id }));
      this.#become(next);
      this.place = { at: 'row', id: first.id };
      if (next.atNewest) this.#meet();
    });
    return came;
  }

  /** Goes to the newest, and shows what was held back. */
  async toNewest(): Promise<void> {
    if (!this.stretch.atNewest || this.#heldMore > 0) return this.reload();
    this.#become(stretches.takeIn(this.stretch, this.#letGo()), true);
    this.place = { at: 'top' };
  }

  /** Goes to the oldest. A search only goes down page by page. */
  async toOldest(): Promise<void> {
    if (this.stretch.older !== null && !searches(this.filter))
      await this.#ask(async (read) => {
        this.#become(stretches.oldest(await read({ seek: 'newer_than', id: 0 })));
      });
    this.place = { at: 'bottom' };
  }

  /** Takes in new alerts: at once, or behind the pill while something is being read. */
  arrived(alerts: Rows): void {
    const fresh = alerts.filter((row) => matches(this.filter, row));
    if (fresh.length === 0) return;
    if (searches(this.filter)) return void this.#lookAgain();
    const place = (row: Rows[number]) => stretches.placeOf(this.stretch, row);
    // What the market had stored may belong further down.
    const among = fresh.filter((row) => place(row) === 'among');
    const above = fresh.filter((row) => place(row) === 'above');
    const { reading } = this;
    if (reading) this.#hold(above);
    const taken = reading ? among : [...among, ...above];
    this.#become(stretches.takeIn(this.stretch, taken), !reading);
  }

  marked(ids: readonly number[], read: boolean): void {
    const rows = mark(this.rows, ids, read);
    if (rows !== this.rows) this.stretch = { ...this.stretch, rows };
    this.held = mark(this.held, ids, read);
    this.#pages.marked(ids, read);
  }

  /** Takes rows as they are now. */
  followed(fresh: Rows): void {
    const rows = renewed(this.rows, fresh);
    if (rows !== this.rows) this.stretch = { ...this.stretch, rows };
    this.held = renewed(this.held, fresh);
  }

  /** Takes rows out. */
  removed(ids: readonly number[]): void {
    const gone = new Set(ids);
    this.#takeOut((id) => gone.has(id));
    if (this.rows.length === 0 && !this.whole) void this.reload();
    // Last, for a page that is on its way now.
    this.#pages.removed(ids);
  }

  /** Takes all out that the list has, up to a key: what is held of it, and what isn't. */
  emptied(upTo: number): void {
    this.#pages.begin();
    this.loading = false;
    this.#takeOut((id) => id <= upTo);
    this.stretch = { ...this.stretch, atNewest: true, newer: null, older: null };
  }

  /** The list says where it stands; back at the top with nothing open, held alerts come in. */
  scrolled(atTop: boolean, lastSeen: number | null): void {
    this.#atTop = atTop;
    this.#lastSeen = lastSeen;
    this.settle();
  }

  /** Lets in what was held back, if nothing is being read any more. */
  settle(): void {
    if (!this.reading && this.held.length > 0) void this.toNewest();
  }

  /** The stretch has come up to the newest: what arrived meanwhile joins it, if nothing lies between. */
  #meet(): void {
    const head = this.rows[0]?.id ?? 0;
    if (this.#heldMore > 0 && (this.held.at(-1)?.id ?? 0) > head) {
      this.#become({ ...this.stretch, atNewest: false, newer: head });
      return;
    }
    this.#become(stretches.takeIn(this.stretch, this.#letGo()));
  }

  #hold(rows: Rows): void {
    const held = merge(this.held, rows);
    this.held = held.slice(0, HELD_KEPT);
    this.#heldMore += held.length - this.held.length;
  }

  #letGo(): Rows {
    const { held } = this;
    this.held = [];
    this.#heldMore = 0;
    return held;
  }

  /** Asks a search for what arrived since it was asked: only Rust knows what an alert says. */
  async #lookAgain(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const { filter } = this;
    const wait = Math.max(0, this.#looked + LOOK_AGAIN - Date.now());
    await new Promise((done) => setTimeout(done, wait));
    this.#looking = false;
    this.#looked = Date.now();
    if (this.filter === filter && this.stretch.atNewest) await this.refresh();
  }

  #become(stretch: stretches.Stretch, calm = false): void {
    this.calm = calm;
    this.stretch = stretch;
    const first = stretch.rows[0]?.id ?? 0;
    this.#newestSeen = Math.max(this.#newestSeen, first);
  }

  #takeOut(gone: (id: number) => boolean): void {
    this.calm = this.#atTop;
    this.stretch = { ...this.stretch, rows: without(this.rows, gone) };
    this.held = without(this.held, gone);
  }

  #rowBelowView(): number {
    const seen = this.#lastSeen;
    const at = seen === null ? 0 : this.rows.findIndex(({ id }) => id <= seen);
    return this.rows[at + ROWS_AHEAD]?.id ?? this.rows.at(-1)?.id ?? 0;
  }

  async #go(seek: Seek, then: (page: InboxPage) => void): Promise<void> {
    await this.#ask(async (read) => then(await read(seek)), this.#pages.resume());
  }

  /** Asks for pages in a turn of its own, or in the one that is. What nobody wants any more ends in silence. */
  async #ask(
    question: (read: (seek: Seek) => Promise<InboxPage>) => Promise<void>,
    turn = this.#pages.begin(),
  ): Promise<void> {
    const { filter } = this;
    this.loading = true;
    this.stopped = false;
    try {
      await question(async (seek) => {
        const page = await this.#pages.read(turn, filter, seek);
        if (page === null) throw new Dropped();
        return page;
      });
      this.ready = true;
      this.problem = null;
      this.stopped = this.stretch.older !== null && !this.#pages.mayGoOn;
    } catch (error) {
      if (this.#pages.isNow(turn)) this.problem = asProblem(error);
    } finally {
      if (this.#pages.isNow(turn)) this.loading = false;
    }
  }
}

/** The question was dropped: another one is asked. */
class Dropped extends Error {}
