/** The twin's search: texts folded in case and width, every word contained somewhere. */
import type { Found } from '../../bindings/Found';
import type { Piece } from '../../bindings/Piece';

/** A text as it is compared. Letter for letter, so that places are the same in both. */
function fold(text: string): string {
  return Array.from({ length: text.length }, (_, n) => {
    const folded = text.charAt(n).normalize('NFKC').toLowerCase();
    return folded.length === 1 ? folded : text.charAt(n);
  }).join('');
}

/** The words of a search; none of them empty. */
export function wordsOf(search: string): string[] {
  return fold(search).split(/\s+/).filter(Boolean);
}

/** What is searched of some texts, made once for all alerts that say the same. */
export function foldedOf(texts: readonly string[]): string {
  return texts.map(fold).join('\n');
}

/** Where the words are: in the title, and in the first of `lines` that has one. */
export function found(title: string, lines: readonly string[], words: readonly string[]): Found {
  const line = lines.find((each) => words.some((word) => fold(each).includes(word)));
  return { title: pieces(title, words), excerpt: pieces(line ?? lines[0] ?? '', words) };
}

function pieces(text: string, words: readonly string[]): Piece[] {
  const folded = fold(text);
  const hits = Array.from({ length: text.length }, () => false);
  for (const word of words)
    for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1))
      hits.fill(true, at, at + word.length);
  const made: Piece[] = [];
  for (const [n, hit] of hits.entries()) {
    const last = made.at(-1);
    if (last?.hit === hit) last.text += text.charAt(n);
    else made.push({ text: text.charAt(n), hit });
  }
  return made;
}
