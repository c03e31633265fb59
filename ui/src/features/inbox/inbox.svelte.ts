/**
 * The window's view of the inbox: the rows pulled so far, what arrived since, and the alert that is
 * open. Counts are the snapshot's; drawing and scrolling are the components'.
 */
import { asProblem, PAGE_LIMIT, type Backend } from '../../backend/types';
import type { AlertDetail } from '../../bindings/AlertDetail';
import type { InboxPage } from '../../bindings/InboxPage';
import type { Problem } from '../../bindings/Problem';
import { everything, mark, matches, merge, neighbour, type Filter, type Rows } from './list';

/** A window may stay open for weeks: at the top, no more rows than this are kept. */
const ROWS_KEPT = 2_000;
/** More arrivals than this aren't held back one by one; the list is read anew instead. */
const HELD_KEPT = 500;

export class Inbox {
  filter = $state.raw<Filter>(everything);
  rows = $state.raw<Rows>([]);
  /** Whether older rows follow. */
  more = $state(false);
  loading = $state(false);
  /** Whether a first page has been read, so that an empty list means something. */
  ready = $state(false);
  /** Why the last thing asked of the inbox didn't work. */
  problem = $state.raw<Problem | null>(null);
  /** What arrived while something else was being read, newest first. */
  held = $state.raw<Rows>([]);
  /** The row that the keyboard is on. */
  cursor = $state<number | null>(null);
  openId = $state<number | null>(null);
  detail = $state.raw<AlertDetail | null>(null);

  /** Whether the list stands at its top; told by the list. */
  #atTop = true;
  #heldTooMany = false;
  /** Counts up at every new list, so that an answer for an older one is dropped. */
  #turn = 0;
  /** Marks that came while a page was on its way, which the page may not know yet. */
  #marksMeanwhile = new Map<number, boolean>();

  constructor(private readonly backend: Backend) {}

  /** Reads the list anew from the top. */
  async reload(): Promise<void> {
    this.#turn += 1;
    this.held = [];
    this.#heldTooMany = false;
    const before = new Set(this.rows.map(({ id }) => id));
    const page = await this.#read(null);
    if (page === null) return;
    // Of the old rows only those stay that arrived while the page was on its way.
    const arrived = this.rows.filter(({ id }) => !before.has(id));
    this.rows = merge(arrived, page.alerts);
    this.more = page.next !== null;
  }

  /** Catches up after changes were missed, without moving what is being read. */
  async refresh(): Promise<void> {
    const known = new Set(this.rows.map(({ id }) => id));
    if (known.size === 0 || !this.#reading()) return this.reload();
    this.#turn += 1;
    const page = await this.#read(null);
    if (page === null) return;
    // Too much was missed for the page to reach down to what is known: there is a gap.
    if (page.next !== null && !page.alerts.some(({ id }) => known.has(id))) return this.reload();
    this.rows = merge(
      this.rows,
      page.alerts.filter(({ id }) => known.has(id)),
    );
    this.arrived(page.alerts.filter(({ id }) => !known.has(id)));
  }

  /** Reads the next older page, if there is one and none is on its way. */
  async pullOlder(): Promise<void> {
    const last = this.rows.at(-1);
    if (!this.more || this.loading || last === undefined) return;
    const page = await this.#read(last.id);
    if (page === null) return;
    this.rows = merge(this.rows, page.alerts);
    this.more = page.next !== null;
  }

  async show(filter: Filter): Promise<void> {
    this.filter = filter;
    this.close();
    this.cursor = null;
    this.ready = false;
    this.rows = [];
    this.more = false;
    await this.reload();
  }

  /** Takes in new alerts: at once, or behind the pill while something is being read. */
  arrived(alerts: Rows): void {
    const fresh = alerts.filter((row) => matches(this.filter, row));
    if (fresh.length === 0) return;
    if (this.#reading()) {
      this.held = merge(this.held, fresh);
      if (this.held.length > HELD_KEPT) {
        this.held = this.held.slice(0, HELD_KEPT);
        this.#heldTooMany = true;
      }
      return;
    }
    this.#prepend(fresh);
  }

  marked(ids: readonly number[], read: boolean): void {
    this.rows = mark(this.rows, ids, read);
    this.held = mark(this.held, ids, read);
    if (this.loading) for (const id of ids) this.#marksMeanwhile.set(id, read);
    if (this.detail !== null && ids.includes(this.detail.row.id))
      this.detail = { ...this.detail, row: { ...this.detail.row, read } };
  }

  deleted(ids: readonly number[]): void {
    const gone = new Set(ids);
    this.rows = this.rows.filter(({ id }) => !gone.has(id));
    this.held = this.held.filter(({ id }) => !gone.has(id));
    if (this.openId !== null && gone.has(this.openId)) this.close();
  }

  /** Shows what was held back. */
  async release(): Promise<void> {
    this.#atTop = true;
    if (this.#heldTooMany) return this.reload();
    const { held } = this;
    this.held = [];
    this.#prepend(held);
  }

  /** The list says where it stands; back at the top with nothing open, held alerts come in. */
  scrolled(atTop: boolean): void {
    this.#atTop = atTop;
    this.#settle();
  }

  async open(id: number): Promise<void> {
    this.openId = id;
    this.cursor = id;
    this.problem = null;
    try {
      const detail = await this.backend.alert(id);
      if (this.openId === id) this.detail = detail;
    } catch (error) {
      if (this.openId !== id) return;
      this.problem = asProblem(error);
      this.close();
    }
  }

  close(): void {
    this.openId = null;
    this.detail = null;
    this.#settle();
  }

  /** Marks the open alert as read, once it was really on the screen. */
  async shown(id: number): Promise<void> {
    if (this.detail?.row.id === id && !this.detail.row.read) await this.mark(id, true);
  }

  async mark(id: number, read: boolean): Promise<void> {
    await this.#attempt(() => this.backend.mark({ which: 'ids', ids: [id] }, read));
  }

  /** Marks the row under the cursor the other way. */
  async toggleRead(): Promise<void> {
    const id = this.cursor ?? this.openId;
    const row = this.rows.find((each) => each.id === id) ?? this.detail?.row;
    if (row !== undefined && row.id === id) await this.mark(row.id, !row.read);
  }

  async openLink(id: number): Promise<void> {
    await this.#attempt(() => this.backend.openLink(id, false));
  }

  move(steps: number): void {
    this.cursor = neighbour(this.rows, this.cursor ?? this.openId, steps);
  }

  #reading(): boolean {
    return !this.#atTop || this.openId !== null;
  }

  #settle(): void {
    if (!this.#reading() && this.held.length > 0) void this.release();
  }

  #prepend(fresh: Rows): void {
    this.rows = merge(this.rows, fresh);
    if (this.rows.length > ROWS_KEPT && this.#atTop) {
      this.rows = this.rows.slice(0, ROWS_KEPT);
      this.more = true;
    }
  }

  /** One page, with the marks that came meanwhile; `null` when it failed or nobody wants it any more. */
  async #read(before: number | null): Promise<InboxPage | null> {
    const turn = this.#turn;
    this.loading = true;
    this.#marksMeanwhile.clear();
    try {
      const page = await this.backend.inboxPage({
        list: this.filter,
        seek: before === null ? { seek: 'newest' } : { seek: 'older_than', id: before },
        limit: PAGE_LIMIT,
      });
      if (turn !== this.#turn) return null;
      let alerts: Rows = page.alerts;
      for (const [id, read] of this.#marksMeanwhile) alerts = mark(alerts, [id], read);
      this.ready = true;
      this.problem = null;
      return { alerts: [...alerts], next: page.next };
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
      return null;
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  async #attempt(ask: () => Promise<void>): Promise<void> {
    this.problem = null;
    try {
      await ask();
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}
