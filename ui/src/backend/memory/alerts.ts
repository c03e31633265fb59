/**
 * The twin's inbox. Its first alerts are made from their numbers when they are looked at, so that a
 * million of them cost nothing; what became of them, and what arrived later, is kept.
 */
import type { AlertRow } from '../../bindings/AlertRow';
import type { Counts } from '../../bindings/Counts';
import type { InboxPage } from '../../bindings/InboxPage';
import type { Language } from '../../bindings/Language';
import type { List } from '../../bindings/List';
import type { PageRequest } from '../../bindings/PageRequest';
import type { ReminderView } from '../../bindings/ReminderView';
import type { Seek } from '../../bindings/Seek';
import type { Which } from '../../bindings/Which';
import limits from '../../bindings/limits.json';
import { PAGE_LIMIT } from '../types';
import { foundBy, type Finds } from './answers';
import { ageOf, detailOf, stories, toldIn, type Kept, type Story } from './market';

/** How many alerts one call of a search looks at. */
const LOOKED_AT = 20_000;

export class Alerts {
  /** The key that the next one gets. */
  #next: number;
  readonly #arrived = new Map<number, Kept>();
  /** Whether those that were marked are read. */
  readonly #marks = new Map<number, boolean>();
  readonly #told = new Map<number, number>();
  /** In which deletion those that are gone went. */
  readonly #gone = new Map<number, number>();
  /** The stars, and when people want to be reminded, in ms. */
  readonly #starred = new Set<number>();
  readonly #due = new Map<number, ReminderView>();
  #counts = noCounts();
  #markings = 0;
  readonly #marked = new Map<number, { ids: number[]; at: number }>();
  #deletions = 0;
  /** When each deletion was done that can be undone. */
  readonly #deleted = new Map<number, number>();

  constructor(
    private readonly first: number,
    private readonly now: number,
  ) {
    this.#next = first + 1;
    for (const [n, story] of stories.entries()) {
      const told = Math.ceil((first - n) / stories.length);
      if (told > 0) this.#tally(story, told, n > 2 ? 0 : 1);
    }
  }

  /** The alert of a key, whether it is gone or not. */
  #made(id: number): Kept | null {
    const arrived = this.#arrived.get(id);
    const read = this.#marks.get(id);
    const toldMs = this.#told.get(id) ?? null;
    const followed = {
      starred: this.#starred.has(id),
      reminder: this.#due.get(id) ?? null,
      toldMs,
    };
    if (arrived !== undefined) return { ...arrived, ...followed, read: read ?? arrived.read };
    if (id < 1 || id > this.first) return null;
    const n = this.first - id;
    const story = stories[n % stories.length];
    if (story === undefined) return null;
    return { id, atMs: this.now - ageOf(n, this.first), read: read ?? n > 2, ...followed, story };
  }

  get(id: number): Kept | null {
    return this.#gone.has(id) ? null : this.#made(id);
  }

  /** The newest alert that tells a story, by the story's place. */
  newestOf(n: number): Kept | null {
    for (let id = this.#next - 1; id >= 1; id -= 1) {
      const kept = this.get(id);
      if (kept?.story.n === n) return kept;
    }
    return null;
  }

  add(story: Story): Kept {
    const followed = { starred: false, reminder: null, toldMs: null };
    const kept = { id: this.#next, atMs: Date.now(), read: false, ...followed, story };
    this.#arrived.set(kept.id, kept);
    this.#tally(story, 1, 1);
    this.#next += 1;
    return kept;
  }

  /** One toast tells of these. */
  tell(ids: readonly number[], atMs: number): void {
    for (const id of ids) this.#told.set(id, atMs);
  }

  page({ list, seek, limit: asked }: PageRequest, language: Language): InboxPage {
    const limit = Math.min(Math.max(asked, 1), PAGE_LIMIT);
    const finds = foundBy(list.search);
    const alerts: AlertRow[] = [];
    const step = seek.seek === 'newer_than' ? 1 : -1;
    let left = finds !== null ? LOOKED_AT : Infinity;
    let last: number | null = null;
    let id = this.#begin(seek);
    for (; id >= 1 && id < this.#next; id += step, left -= 1) {
      if (alerts.length === limit || left === 0)
        return { alerts: ordered(alerts, step), next: last };
      last = id;
      const kept = this.get(id);
      if (kept !== null && shows(list, finds, kept)) alerts.push(rowOf(kept, language, finds));
    }
    return { alerts: ordered(alerts, step), next: null };
  }

  /** The keys that are meant, of those that are there. */
  keys(which: Which): number[] {
    if (which.which === 'ids') return which.ids.filter((id) => this.get(id) !== null);
    const finds = foundBy(which.list.search);
    const ids: number[] = [];
    for (let id = Math.min(which.upTo, this.#next - 1); id >= 1; id -= 1) {
      const kept = this.get(id);
      if (kept !== null && shows(which.list, finds, kept)) ids.push(id);
    }
    return ids;
  }

  mark(ids: readonly number[], read: boolean): void {
    for (const id of ids) {
      const kept = this.get(id);
      if (kept !== null && kept.read !== read) this.#tally(kept.story, 0, read ? -1 : 1);
      if (read && this.#due.get(id)?.reminded) this.#due.delete(id);
      this.#marks.set(id, read);
    }
  }

  star(ids: readonly number[], starred: boolean): void {
    for (const id of ids) {
      if (starred && this.get(id) !== null) this.#starred.add(id);
      else this.#starred.delete(id);
    }
  }

  /** Reminds of an alert at a time, or not any more. */
  remind(id: number, dueMs: number | null): void {
    if (dueMs === null) this.#due.delete(id);
    else this.#due.set(id, { dueMs, reminded: false });
  }

  /** A reminder is due: its alert is unread again. */
  due(id: number): void {
    const reminder = this.#due.get(id);
    if (reminder === undefined) return;
    this.#due.set(id, { ...reminder, reminded: true });
    this.mark([id], false);
  }

  /** Marks as read what can be made unread again, by the number that it gives. */
  markRead(ids: readonly number[]): number {
    this.#markings += 1;
    const marked = ids.filter((id) => this.get(id)?.read === false);
    this.mark(marked, true);
    if (marked.length > 0) this.#marked.set(this.#markings, { ids: marked, at: Date.now() });
    return this.#markings;
  }

  /** Which are unread again; `null`: it was too late. */
  unmark(marking: number): number[] | null {
    const done = this.#marked.get(marking);
    if (done === undefined || Date.now() - done.at >= limits.undoMs) return null;
    this.#marked.delete(marking);
    this.mark(done.ids, false);
    return done.ids;
  }

  remove(ids: readonly number[]): number {
    this.#deletions += 1;
    for (const id of ids) {
      const kept = this.get(id);
      if (kept !== null) this.#tally(kept.story, -1, kept.read ? 0 : -1);
      this.#gone.set(id, this.#deletions);
    }
    if (ids.length > 0) this.#deleted.set(this.#deletions, Date.now());
    return this.#deletions;
  }

  /** Whether it wasn't too late. */
  bringBack(deletion: number): boolean {
    const at = this.#deleted.get(deletion);
    if (at === undefined || Date.now() - at >= limits.undoMs) return false;
    this.#deleted.delete(deletion);
    for (const [id, gone] of this.#gone) {
      if (gone !== deletion) continue;
      this.#gone.delete(id);
      const kept = this.get(id);
      if (kept !== null) this.#tally(kept.story, 1, kept.read ? 0 : 1);
    }
    return true;
  }

  removeAll(): void {
    this.#deleted.clear();
    this.#marked.clear();
    for (let id = 1; id < this.#next; id += 1) this.#gone.set(id, 0);
    this.#starred.clear();
    this.#due.clear();
    this.#counts = noCounts();
  }

  counts(): Counts {
    const held = Object.entries(this.#counts.categories).filter(([, { total }]) => total > 0);
    const there = (ids: Iterable<number>): number => [...ids].filter((id) => this.get(id)).length;
    const [starred, reminders] = [there(this.#starred), there(this.#due.keys())];
    return { ...this.#counts, starred, reminders, categories: Object.fromEntries(held) };
  }

  #tally(story: Story, total: number, unread: number): void {
    const { category } = story.told.en.row;
    const count = (this.#counts.categories[category] ??= { unread: 0, total: 0 });
    for (const sum of [count, this.#counts]) {
      sum.total += total;
      sum.unread += unread;
    }
  }

  /** The first key to look at. */
  #begin(seek: Seek): number {
    switch (seek.seek) {
      case 'newest':
        return this.#next - 1;
      case 'older_than':
        return Math.min(seek.id, this.#next) - 1;
      case 'newer_than':
        return Math.max(seek.id, 0) + 1;
      case 'before':
        return this.#lastBefore(seek.at_ms);
    }
  }

  #lastBefore(atMs: number): number {
    let low = 0;
    let high = this.#next - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#made(middle)?.atMs ?? 0) < atMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function shows(list: List, finds: Finds | null, kept: Kept): boolean {
  return (
    (list.category === null || kept.story.told.en.row.category === list.category) &&
    (!list.unread || !kept.read) &&
    (!list.starred || kept.starred) &&
    (!list.reminders || kept.reminder !== null) &&
    (!list.urgent || kept.story.told.en.row.urgent) &&
    (list.fromMs === null || kept.atMs >= list.fromMs) &&
    (list.toMs === null || kept.atMs < list.toMs) &&
    (list.toldMs === null || kept.toldMs === list.toldMs) &&
    (finds === null || finds(kept.story) !== null)
  );
}

/** The line of an alert, with what a search found in it. */
export function rowOf(kept: Kept, language: Language, finds: Finds | null = null): AlertRow {
  const { row } = detailOf(kept.story, kept, language);
  const finding = finds?.(kept.story);
  const found = finding && toldIn(finding, language);
  return found === undefined ? row : { ...row, found };
}

function noCounts(): Counts {
  return { unread: 0, total: 0, starred: 0, reminders: 0, categories: {} };
}

function ordered(alerts: AlertRow[], step: number): AlertRow[] {
  return step === 1 ? alerts.reverse() : alerts;
}
