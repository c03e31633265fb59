/** How wide the person made the page's columns, in px; kept in the webview's own storage, as a draft is. */
import { createContext } from 'svelte';

const KEY = 'columns';

/** Those that can be dragged, and the width of each where nobody has: `null` where it depends on the window. */
export const COLUMNS = {
  rail: { usual: 224, least: 168, most: 340 },
  list: { usual: null, least: 300, most: 900 },
} as const;
export type Column = keyof typeof COLUMNS;

type Widths = Partial<Record<Column, number>>;

export class Columns {
  #widths = $state.raw<Widths>({});

  constructor(private readonly storage: Storage) {
    this.#widths = read(storage.getItem(KEY));
  }

  /** A column's width; `null`: the usual one. */
  width(column: Column): number | null {
    return this.#widths[column] ?? null;
  }

  /** Gives a column another width, as far as it may have it; `null`: the usual one again. */
  set(column: Column, width: number | null): void {
    const { [column]: _, ...others } = this.#widths;
    this.#widths = width === null ? others : { ...others, [column]: within(column, width) };
  }

  /** Keeps the widths, when a column was let go. */
  keep(): void {
    this.storage.setItem(KEY, JSON.stringify(this.#widths));
  }
}

function within(column: Column, width: number): number {
  const { least, most } = COLUMNS[column];
  return Math.round(Math.min(Math.max(width, least), most));
}

/** What was kept, as far as it can be understood. */
function read(text: string | null): Widths {
  try {
    const kept: unknown = JSON.parse(text ?? '{}');
    const widths = Object.entries(kept as object).filter(
      ([column, width]) => Object.hasOwn(COLUMNS, column) && Number.isFinite(width),
    );
    return Object.fromEntries(
      widths.map(([column, width]) => [column, within(column as Column, width as number)]),
    );
  } catch {
    return {};
  }
}

export const [useColumns, provideColumns] = createContext<Columns>();
