/** Which rows something is to be done to: some by their keys, or all that the list shows. */
import type { List } from '../../../bindings/List';
import type { Which } from '../../../bindings/Which';
import type { Rows } from './rows';

/** What is selected. Of `all`, `count` is `null` where nobody has counted them. */
type Selected =
  | { readonly all: false; readonly ids: ReadonlySet<number> }
  | {
      readonly all: true;
      readonly list: List;
      readonly upTo: number;
      readonly count: number | null;
    };

const none: Selected = { all: false, ids: new Set() };

export class Selection {
  #selected = $state.raw<Selected>(none);
  /** Where a range begins. */
  #anchor: number | null = null;

  /** How many are selected; `null` where it is all of a list that nobody has counted. */
  get count(): number | null {
    return this.#selected.all ? this.#selected.count : this.#selected.ids.size;
  }

  get active(): boolean {
    return this.count !== 0;
  }

  /** Whether it is all that the list shows. */
  get all(): boolean {
    return this.#selected.all;
  }

  has(id: number): boolean {
    return this.#selected.all ? id <= this.#selected.upTo : this.#selected.ids.has(id);
  }

  which(): Which {
    if (!this.#selected.all) return { which: 'ids', ids: [...this.#selected.ids] };
    const { list, upTo } = this.#selected;
    return { which: 'matching', list, upTo };
  }

  /** Takes one more, or one less. `from`: the row that the person was on before. */
  toggle(id: number, from: number | null): void {
    // Of all, single ones can't be left out: a new selection begins.
    const ids = new Set(this.#selected.all ? [] : this.#selected.ids);
    if (ids.size === 0 && !this.#selected.all && from !== null) ids.add(from);
    if (!ids.delete(id) || from === id) ids.add(id);
    this.#anchor = id;
    this.#selected = { all: false, ids };
  }

  /** Selects from where the person was to `id`, and nothing else. */
  extend(rows: Rows, from: number | null, id: number): void {
    if (!this.active || this.#anchor === null) this.#anchor = from ?? id;
    const low = Math.min(this.#anchor, id);
    const high = Math.max(this.#anchor, id);
    const within = rows.filter((row) => row.id >= low && row.id <= high);
    this.#selected = { all: false, ids: new Set(within.map((row) => row.id)) };
  }

  selectAll(list: List, upTo: number, count: number | null): void {
    this.#selected = { all: true, list, upTo, count };
    this.#anchor = null;
  }

  /** These are gone. */
  removed(gone: readonly number[]): void {
    if (this.#selected.all || !this.active) return;
    const ids = new Set(this.#selected.ids);
    for (const id of gone) ids.delete(id);
    this.#selected = { all: false, ids };
  }

  end(): void {
    this.#selected = none;
    this.#anchor = null;
  }
}
