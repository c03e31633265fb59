import { afterEach, describe, expect, it, vi } from 'vitest';
import { Twin } from '../../src/backend/memory/twin';
import { everything } from '../../src/lib/everything';
import { Selection } from '../../src/features/inbox/store/selection.svelte';
import { Undoable } from '../../src/features/inbox/store/undoable.svelte';
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
  afterEach(() => void vi.useRealTimers());

  const deleting = async (id = 3): Promise<{ twin: Twin; undoable: Undoable }> => {
    vi.useFakeTimers();
    const twin = new Twin({ account: true, alerts: 9, language: 'en', theme: 'system' });
    const undoable = new Undoable(twin);
    await undoable.delete({ which: 'ids', ids: [id] }, 1, id);
    return { twin, undoable };
  };

  it('is offered for ten seconds, and longer while the person is on it', async () => {
    const { undoable } = await deleting();
    vi.advanceTimersByTime(9_900);
    expect(undoable.last).not.toBeNull();
    undoable.hold();
    vi.advanceTimersByTime(40_000);
    expect(undoable.last).not.toBeNull();
    undoable.release();
    vi.advanceTimersByTime(4_900);
    expect(undoable.last).not.toBeNull();
    vi.advanceTimersByTime(200);
    expect([undoable.last, undoable.over]).toEqual([null, null]);
  });

  it('is never offered longer than it can be done, and says so to who is still on it', async () => {
    const { undoable } = await deleting();
    undoable.hold();
    vi.advanceTimersByTime(54_900);
    expect(undoable.last).not.toBeNull();
    vi.advanceTimersByTime(200);
    expect(undoable.last).toBeNull();
    expect(undoable.over).toMatchObject({ number: 1 });
    expect(await undoable.undo()).toBeNull();
    undoable.release();
    expect(undoable.over).toBeNull();
  });

  it('of an older deletion ends by its own clock', async () => {
    const { twin, undoable } = await deleting();
    undoable.hold();
    vi.advanceTimersByTime(50_000);
    await undoable.delete({ which: 'ids', ids: [4] }, 1, 4);
    vi.advanceTimersByTime(6_000);
    await undoable.undo();
    expect([undoable.last, undoable.over]).toEqual([null, null]);
    expect(twin.calls.filter(({ name }) => name === 'undoDelete')).toHaveLength(1);
  });

  it('is asked for in the very last moment and done', async () => {
    const { twin, undoable } = await deleting();
    undoable.hold();
    vi.advanceTimersByTime(54_999);
    await undoable.undo();
    await expect(twin.alert(3)).resolves.toMatchObject({ row: { id: 3 } });
  });

  it('that comes too late is refused, and not offered again', async () => {
    const { twin, undoable } = await deleting();
    twin.problems.set('undoDelete', { code: 'too_late', message: '', fields: [] });
    await expect(undoable.undo()).rejects.toMatchObject({ code: 'too_late' });
    expect(undoable.last).toBeNull();
  });

  it('that failed can be tried again', async () => {
    const { twin, undoable } = await deleting();
    twin.problems.set('undoDelete', { code: 'inbox', message: 'busy', fields: [] });
    await expect(undoable.undo()).rejects.toMatchObject({ code: 'inbox' });
    expect(undoable.last).toMatchObject({ number: 1, cursor: 3 });
    await undoable.undo();
    await expect(twin.alert(3)).resolves.toMatchObject({ row: { id: 3 } });
  });

  it('is forgotten by the other side after a minute', async () => {
    const { twin } = await deleting();
    vi.advanceTimersByTime(60_000);
    await expect(twin.undoDelete(1)).rejects.toMatchObject({ code: 'too_late' });
    await expect(twin.alert(3)).rejects.toMatchObject({ code: 'inbox' });
  });

  it('goes back one deletion after the other', async () => {
    const twin = new Twin({ account: true, alerts: 9, language: 'en', theme: 'system' });
    const undoable = new Undoable(twin);
    await undoable.delete({ which: 'ids', ids: [3] }, 1, 3);
    await undoable.delete({ which: 'ids', ids: [4, 5] }, 2, null);
    expect(undoable.last?.count).toBe(2);
    await undoable.undo();
    await undoable.undo();
    await undoable.undo();
    const undone = twin.calls.filter(({ name }) => name === 'undoDelete');
    expect(undone.map(({ argument }) => argument)).toEqual([2, 1]);
  });
});
