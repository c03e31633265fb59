/** Some life of the market for the twin, as Rust words and shows it. */
import alerts from '../../bindings/fixtures/alerts.json';
import type { AlertDetail } from '../../bindings/AlertDetail';
import type { Language } from '../../bindings/Language';
import type { ReminderView } from '../../bindings/ReminderView';

/** What is told in some languages, in English among them. */
export interface Told<T> {
  readonly en: T;
  readonly [language: Language]: T;
}

/** What is told in a language; in English where it isn't. */
export function toldIn<T>(told: Told<T>, language: Language): T {
  return told[language] ?? told.en;
}

/** An alert as it is shown whole, but for its key, its time and whether it is read. */
export interface Story {
  readonly told: Told<AlertDetail>;
  /** Its place among them. */
  readonly n: number;
}

/** An alert that is there. */
export interface Kept {
  id: number;
  atMs: number;
  read: boolean;
  starred: boolean;
  reminder: ReminderView | null;
  /** When one toast told of it, after quiet; `null` where none did. */
  toldMs: number | null;
  story: Story;
}

/** What happened at the market, newest first; older alerts repeat it. */
export const stories: readonly Story[] = (alerts as Told<AlertDetail>[]).map((told, n) => ({
  told,
  n,
}));

/**
 * How long before now the n-th newest of so many alerts came, in ms: some today, most of them
 * before. Where they are many, a busy store got them, one a minute.
 */
export function ageOf(n: number, of: number): number {
  const minutes = [4, 20, 117, 129, 167, 1_175, 1_327, 1_500];
  return (minutes[n] ?? 1_500 + (n - 7) * (of > 10_000 ? 1 : 97)) * 60_000;
}

/** The alert in one language. */
export function detailOf(story: Story, at: Omit<Kept, 'story'>, language: Language): AlertDetail {
  const { id, atMs, read, starred, reminder } = at;
  const told = toldIn(story.told, language);
  return { ...told, row: { ...told.row, id, atMs, read, starred, reminder } };
}
