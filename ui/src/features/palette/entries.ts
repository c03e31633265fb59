/** What stands in the palette, in its order. Pure. */
import type { Piece } from '../../bindings/Piece';
import type { Subject } from '../../bindings/Subject';
import type { Language } from '../../bindings/Language';
import { nameIn, type Command } from '../../lib/commands';
import { matching } from './matching';

/** One line; its `id` tells it from the others while letters are typed. */
export type Entry = { readonly id: string } & (
  | { readonly kind: 'command'; readonly command: Command; readonly pieces: readonly Piece[] }
  | { readonly kind: 'subject'; readonly subject: Subject }
  | { readonly kind: 'search'; readonly text: string }
);

/** What is meant by the letters: places and deeds, orders and people, and a search for the letters themselves. */
export function entriesOf(
  commands: readonly Command[],
  subjects: readonly Subject[],
  text: string,
  language: Language,
): Entry[] {
  const named = matching(commands, text, language).map(({ command, pieces }): Entry => ({
    id: `command-${nameIn('en', command)}-${command.of}`.replace(/\W+/g, '-'),
    kind: 'command',
    command,
    pieces,
  }));
  const found = subjects.map((subject): Entry => ({
    id: `${subject.what}-${subject.newest.id}-${subject.name}`.replace(/\s+/g, '-'),
    kind: 'subject',
    subject,
  }));
  if (text === '') return named;
  return [...named, ...found, { id: 'search', kind: 'search', text }];
}

/** The entry so many steps further, round from one end to the other. */
export function neighbourOf(
  entries: readonly Entry[],
  from: Entry | undefined,
  steps: number,
): Entry | undefined {
  const at = from === undefined ? -1 : entries.indexOf(from);
  return entries[(at + steps + entries.length) % entries.length];
}
