/** Where rows stand in the whole list, of which only a stretch is held. Pure. */
import type { Stretch } from '../store/stretch';

export interface Standing {
  /** How many the whole list has; -1 where nobody knows, as `aria-setsize` has it. */
  readonly size: number;
  /** Which one the first row that is held is, counted from 1. */
  readonly first: number;
}

/** `counted`: how many the list has by the counts; `null` where they can't tell. */
export function standing({ rows, atNewest, older }: Stretch, counted: number | null): Standing {
  const held = rows.length;
  if (atNewest && older === null) return { size: held, first: 1 };
  // Rows that were marked stay in a list of unread ones: then there are more than are counted.
  const size = counted === null || counted < held ? -1 : counted;
  if (size !== -1 && !atNewest && older === null) return { size, first: size - held + 1 };
  return atNewest ? { size, first: 1 } : { size: -1, first: 1 };
}
