import { describe, expect, it, vi } from 'vitest';
import { Twin } from '../../src/backend/memory/twin';
import { everything } from '../../src/lib/everything';
import { Selection } from '../../src/features/inbox/store/selection.svelte';
import { Trash } from '../../src/features/inbox/store/trash.svelte';
import { row } from './rows';

const rows = [9, 8, 7, 6, 5].map((id) => row(id));
const ids = (selection: Selection) => rows.map(({ id }) => id).filter((id) => selection.has(id));

describe('a selection', () => {
  it('begins with the open alert and takes one more, or one less', () => {
    const selection = new Selection();
    selection.toggle(6, 8);
    expect(ids(selection)).toEqual([8, 6]);
    selection.toggle(8, 8);
    selection.toggle(6, null);
    selection.toggle(8, null);
    expect(selection.active).toBe(false);
  });

  it('reaches from where it began to where the person is, both ways', () => {
    const selection = new Selection();
    selection.extend(rows, 7, 5);
    expect(ids(selection)).toEqual([7, 6, 5]);
    selection.extend(rows, 5, 8);
    expect(ids(selection)).toEqual([8, 7]);
    selection.toggle(5, null);
    selection.extend(rows, 5, 6);
    expect(ids(selection)).toEqual([6, 5]);
  });

  it('of all is what the list shows, and nothing that came since', () => {
    const selection = new Selection();
    selection.selectAll(everything, 8, null);
    expect(selection.active).toBe(true);
    expect(ids(selection)).toEqual([8, 7, 6, 5]);
    expect(selection.which()).toEqual({ which: 'matching', list: everything, upTo: 8 });
    selection.toggle(7, null);
    expect(selection.which()).toEqual({ which: 'ids', ids: [7] });
  });

  it('forgets what is gone', () => {
    const selection = new Selection();
    selection.extend(rows, 7, 6);
    selection.removed([7]);
    expect(selection.count).toBe(1);
    selection.removed([6]);
    expect(selection.active).toBe(false);
  });
});

describe('undo', () => {
  it('is offered for ten seconds, and longer while the person is on it', async () => {
    vi.useFakeTimers();
    const twin = new Twin({ account: true, alerts: 9, language: 'en', theme: 'system' });
    const trash = new Trash(twin);
    await trash.put({ which: 'ids', ids: [3] }, 1, 3);
    vi.advanceTimersByTime(9_900);
    expect(trash.last).not.toBeNull();
    trash.pause();
    vi.advanceTimersByTime(60_000);
    expect(trash.last).not.toBeNull();
    trash.run();
    vi.advanceTimersByTime(10_000);
    expect(trash.last).toBeNull();
    vi.useRealTimers();
  });

  it('goes back one deletion after the other', async () => {
    const twin = new Twin({ account: true, alerts: 9, language: 'en', theme: 'system' });
    const trash = new Trash(twin);
    await trash.put({ which: 'ids', ids: [3] }, 1, 3);
    await trash.put({ which: 'ids', ids: [4, 5] }, 2, null);
    expect(trash.last?.count).toBe(2);
    await trash.undo();
    await trash.undo();
    await trash.undo();
    const undone = twin.calls.filter(({ name }) => name === 'undoDelete');
    expect(undone.map(({ argument }) => argument)).toEqual([2, 1]);
  });
});
