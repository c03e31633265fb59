/** Some life of the market for the twin, in both languages, as Rust words and shows it. */
import told from '../../bindings/fixtures/alerts.json';
import type { AlertDetail } from '../../bindings/AlertDetail';
import type { Language } from '../../bindings/Language';

/** An alert as it is shown whole, but for its key, its time and whether it is read. */
export type Story = Readonly<Record<Language, AlertDetail>> & {
  /** Its place among them. */
  readonly n: number;
};

/** What happened at the market, newest first; older alerts repeat it. */
export const stories: readonly Story[] = (told as Record<Language, AlertDetail>[]).map(
  (story, n) => ({ ...story, n }),
);

/**
 * How long before now the n-th newest of so many alerts came, in ms: some today, most of them
 * before. Where they are many, a busy store got them, one a minute.
 */
export function ageOf(n: number, of: number): number {
  const minutes = [4, 20, 117, 129, 167, 1_175, 1_327, 1_500];
  return (minutes[n] ?? 1_500 + (n - 7) * (of > 10_000 ? 1 : 97)) * 60_000;
}

/** The alert in one language. */
export function detailOf(
  story: Story,
  at: { id: number; atMs: number; read: boolean },
  language: Language,
): AlertDetail {
  const { id, atMs, read } = at;
  const told = story[language];
  return { ...told, row: { ...told.row, id, atMs, read } };
}
