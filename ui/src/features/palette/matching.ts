/** Which commands are meant by some letters, in whatever language they were typed. Pure. */
import { go } from 'fuzzysort';
import type { Piece } from '../../bindings/Piece';
import { nameIn, namesOf, type Command } from '../../lib/commands';

/** How well letters have to fit: those of a name in their order, most of them where words begin or together. */
const THRESHOLD = 0.35;
/** The most that are offered. */
const LIMIT = 12;

export interface Match {
  readonly command: Command;
  /** Its name, with the letters that were meant. */
  readonly pieces: readonly Piece[];
}

/** Those that fit, the best first; without letters all that aren't deep. */
export function matching(commands: readonly Command[], text: string, language: string): Match[] {
  if (text.trim() === '') {
    return commands
      .filter(({ deep }) => deep !== true)
      .map((command) => ({ command, pieces: whole(nameIn(language, command)) }));
  }
  const named = commands.map((command) => ({ command, names: namesOf(command) }));
  const most = Math.max(0, ...named.map(({ names }) => names.length));
  const keys = Array.from(
    { length: most },
    (_, n) =>
      ({ names }: { names: string[] }) =>
        names[n],
  );
  const found = [...go(text, named, { keys, threshold: THRESHOLD, limit: 0 })];
  // What fits about as well keeps the order in which it is listed.
  const place = (each: (typeof found)[number]): number => named.indexOf(each.obj);
  const ranked = found.sort((a, b) => rank(b.score) - rank(a.score) || place(a) - place(b));
  return ranked.slice(0, LIMIT).map((found) => {
    const { command } = found.obj;
    const name = nameIn(language, command);
    const shown = found.find(({ target }) => target === name);
    return { command, pieces: shown ? pieces(name, shown.indexes) : whole(name) };
  });
}

function rank(score: number): number {
  return Math.round(score * 20);
}

function whole(text: string): Piece[] {
  return [{ text, hit: false }];
}

function pieces(text: string, hits: readonly number[]): Piece[] {
  const found: Piece[] = [];
  for (const [at, letter] of [...text.split('')].entries()) {
    const hit = hits.includes(at);
    const last = found.at(-1);
    if (last?.hit === hit) last.text += letter;
    else found.push({ text: letter, hit });
  }
  return found;
}
