/**
 * The window's inbox: its list, the alert that is open, what is selected, and everything a person
 * does to alerts. Drawing and scrolling are the components'.
 */
import { asProblem } from '../../../backend/types';
import type { Calls } from '../../../bindings/calls';
import type { AlertDetail } from '../../../bindings/AlertDetail';
import type { AlertRow } from '../../../bindings/AlertRow';
import type { RemindWhen } from '../../../bindings/RemindWhen';
import type { ReminderOffer } from '../../../bindings/ReminderOffer';
import type { Counts } from '../../../bindings/Counts';
import type { Exported } from '../../../bindings/Exported';
import type { ExportFormat } from '../../../bindings/ExportFormat';
import type { List } from '../../../bindings/List';
import type { Problem } from '../../../bindings/Problem';
import type { Which } from '../../../bindings/Which';
import { counted, neighbour, type Rows } from './rows';
import { Listing } from './listing.svelte';
import { Selection } from './selection.svelte';
import { Undoable } from './undoable.svelte';

export class Inbox {
  readonly list: Listing;
  readonly selection = new Selection();
  readonly undoable: Undoable;
  /** Why the last thing that was asked of an alert didn't work. */
  problem = $state.raw<Problem | null>(null);
  /** The row that the keyboard is on. */
  cursor = $state<number | null>(null);
  openId = $state<number | null>(null);
  detail = $state.raw<AlertDetail | null>(null);
  /** The alert of which it is asked when to remind. */
  reminding = $state.raw<AlertRow | null>(null);
  /** Whether the keyboard is to go to the search. */
  searchWanted = $state(false);
  exporting = $state(false);
  exported = $state.raw<Exported | null>(null);

  constructor(private readonly backend: Calls) {
    this.list = new Listing(backend, () => this.openId !== null);
    this.undoable = new Undoable(backend);
  }

  /** Asks for another list. */
  async show(filter: List): Promise<void> {
    this.leave();
    await this.list.show(filter);
  }

  /** Leaves what is open and selected, for another list or another place in it. */
  leave(): void {
    this.selection.end();
    this.close();
    this.cursor = null;
  }

  /** Looks for something else in the list that is shown; with `days`, in these alone. */
  async search(search: string, days: Partial<Pick<List, 'fromMs' | 'toMs'>> = {}): Promise<void> {
    const { filter } = this.list;
    const { fromMs = filter.fromMs, toMs = filter.toMs } = days;
    const isSame = search === filter.search && fromMs === filter.fromMs && toMs === filter.toMs;
    if (!isSame) await this.show({ ...filter, search, fromMs, toMs });
  }

  // What happened.

  arrived(alerts: Rows): void {
    this.list.arrived(alerts);
  }

  marked(ids: readonly number[], read: boolean): void {
    this.list.marked(ids, read);
    if (this.detail !== null && ids.includes(this.detail.row.id))
      this.detail = { ...this.detail, row: { ...this.detail.row, read } };
  }

  /** Stars and reminders changed, or one is due. */
  followed(alerts: Rows): void {
    this.list.followed(alerts);
    const row = alerts.find(({ id }) => id === this.detail?.row.id);
    if (this.detail !== null && row !== undefined) this.detail = { ...this.detail, row };
  }

  deleted(ids: readonly number[]): void {
    this.#leave((id) => ids.includes(id));
    this.list.removed(ids);
    this.selection.removed(ids);
  }

  /** More has changed than was told. */
  async changed(): Promise<void> {
    await this.list.refresh();
    await this.#lookAtOpen();
  }

  // What the person does.

  async open(id: number): Promise<void> {
    this.selection.end();
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
    this.list.settle();
  }

  /** Marks the open alert as read, once it was really on the screen. */
  async shown(id: number): Promise<void> {
    if (this.detail?.row.id === id && !this.detail.row.read) await this.mark(one(id), true);
  }

  async mark(which: Which, read: boolean): Promise<void> {
    await this.attempt(() => this.backend.mark(which, read));
  }

  /** Marks the row under the cursor the other way. */
  async toggleRead(): Promise<void> {
    const row = this.#current();
    if (row !== undefined) await this.mark(one(row.id), !row.read);
  }

  /** Gives the row under the cursor a star, or takes it away. */
  async toggleStar(): Promise<void> {
    const row = this.#current();
    if (row !== undefined) await this.star([row.id], !row.starred);
  }

  async star(ids: number[], starred: boolean): Promise<void> {
    await this.attempt(() => this.backend.star(ids, starred));
  }

  /** Asks when to remind of the row under the cursor. */
  askToRemind(): void {
    this.reminding = this.#current() ?? null;
  }

  /** Rejects with a `Problem`. */
  remind(id: number, when: RemindWhen): Promise<void> {
    return this.backend.remind(id, when);
  }

  /** Rejects with a `Problem`. */
  reminderOffers(): Promise<ReminderOffer[]> {
    return this.backend.reminderOffers();
  }

  /** Marks all that the list has shown, and nothing that came since; `count`: how many, where known. */
  async markAllRead(count: number | null): Promise<void> {
    let stopped: Problem | null = null;
    await this.attempt(async () => {
      stopped = await this.undoable.markRead(this.#everySeen(), count);
    });
    this.problem ??= stopped;
  }

  async markSelected(read: boolean): Promise<void> {
    const which = this.selection.which();
    this.selection.end();
    await this.mark(which, read);
  }

  /** Deletes what is selected, or else the alert that the person is on. Gone at once; Undo brings it back. */
  async delete(): Promise<void> {
    if (this.selection.active) {
      const { count } = this.selection;
      const which = this.selection.which();
      this.selection.end();
      return this.#delete(which, count);
    }
    const id = this.cursor ?? this.openId;
    if (id !== null) await this.#delete(one(id), 1);
  }

  async deleteOpen(): Promise<void> {
    if (this.openId !== null) await this.deleteOne(this.openId);
  }

  async deleteOne(id: number): Promise<void> {
    await this.#delete(one(id), 1);
  }

  /** An alert, whole, for what is to be done with it; `null` where it can't be had, which is said. */
  async whole(id: number): Promise<AlertDetail | null> {
    if (this.detail?.row.id === id) return this.detail;
    let detail: AlertDetail | null = null;
    await this.attempt(async () => {
      detail = await this.backend.alert(id);
    });
    return detail;
  }

  async undo(): Promise<void> {
    await this.attempt(async () => {
      const back = await this.undoable.undo();
      if (back !== null && back.cursor !== null) this.cursor = back.cursor;
    });
  }

  async export(format: ExportFormat): Promise<void> {
    this.exporting = true;
    this.exported = null;
    await this.attempt(async () => {
      this.exported = await this.backend.exportInbox(this.list.filter, format);
    });
    this.exporting = false;
  }

  async showExport(): Promise<void> {
    await this.attempt(() => this.backend.showExport());
  }

  async openLink(id: number, asked: boolean): Promise<void> {
    await this.attempt(() => this.backend.openLink(id, asked));
  }

  /** Moves the cursor; with `extend`, what it passes is selected. */
  move(steps: number, extend = false): void {
    const from = this.cursor ?? this.openId;
    this.cursor = neighbour(this.list.rows, from, steps);
    if (extend && this.cursor !== null) this.selection.extend(this.list.rows, from, this.cursor);
  }

  /** Moves the cursor to an end of the whole list. */
  async moveToEnd(end: 'first' | 'last'): Promise<void> {
    await (end === 'first' ? this.list.toNewest() : this.list.toOldest());
    this.cursor = (end === 'first' ? this.list.rows[0] : this.list.rows.at(-1))?.id ?? null;
  }

  selectAll(counts: Counts): void {
    const { rows, whole, filter, newestSeen } = this.list;
    if (rows.length === 0) return;
    const count = whole ? rows.length : (counted(filter, counts)?.total ?? null);
    this.selection.selectAll(filter, newestSeen, count);
  }

  /** The row that the person is on. */
  #current(): AlertRow | undefined {
    const id = this.cursor ?? this.openId;
    const row = this.list.rows.find((each) => each.id === id) ?? this.detail?.row;
    return row?.id === id ? row : undefined;
  }

  #everySeen(): Which {
    return { which: 'matching', list: this.list.filter, upTo: this.list.newestSeen };
  }

  async #delete(which: Which, count: number | null): Promise<void> {
    const { cursor } = this;
    if (which.which === 'ids') this.deleted(which.ids);
    else {
      this.#leave((id) => id <= which.upTo);
      this.list.emptied(which.upTo);
    }
    let stopped: Problem | null = null;
    await this.attempt(async () => {
      stopped = await this.undoable.delete(which, count, cursor);
    });
    this.problem ??= stopped;
    if (this.problem !== null) await this.list.refresh();
  }

  /** The cursor goes on to what takes the place of its row, and an open alert that is gone is closed. */
  #leave(gone: (id: number) => boolean): void {
    const { cursor } = this;
    if (cursor !== null && gone(cursor)) {
      const { rows } = this.list;
      const left = rows.filter(({ id }) => !gone(id));
      this.cursor = (left.find(({ id }) => id < cursor) ?? left.at(-1))?.id ?? null;
    }
    if (this.openId !== null && gone(this.openId)) this.close();
  }

  /** The open alert may have changed with the others, or be gone. */
  async #lookAtOpen(): Promise<void> {
    const id = this.openId;
    if (id === null) return;
    try {
      const detail = await this.backend.alert(id);
      if (this.openId === id) this.detail = detail;
    } catch {
      if (this.openId === id) this.close();
    }
  }

  /** Does what was asked for, and says why it didn't work. */
  async attempt(ask: () => Promise<void>): Promise<void> {
    this.problem = null;
    try {
      await ask();
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}

function one(id: number): Which {
  return { which: 'ids', ids: [id] };
}
