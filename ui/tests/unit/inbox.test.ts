import { describe, expect, it } from 'vitest';
import { Twin } from '../../src/backend/memory/twin';
import type { InboxPage } from '../../src/bindings/InboxPage';
import type { PageEvent } from '../../src/bindings/PageEvent';
import { Inbox } from '../../src/features/inbox/store/inbox.svelte';
import { everything } from '../../src/lib/everything';
import { ROWS_KEPT } from '../../src/features/inbox/store/stretch';
import { row } from './rows';

/** What was read anew because of changes. */
const changes: Promise<void>[] = [];

async function inboxOf(alerts: number): Promise<{ inbox: Inbox; twin: Twin }> {
  const twin = new Twin({ account: true, alerts, language: 'en', theme: 'system' });
  const inbox = new Inbox(twin);
  await twin.attach((event: PageEvent) => {
    if (event.type === 'arrived') inbox.arrived(event.alerts);
    if (event.type === 'marked') inbox.marked(event.ids, event.read);
    if (event.type === 'deleted') inbox.deleted(event.ids);
    if (event.type === 'changed') changes.push(inbox.changed());
  });
  await inbox.list.reload();
  return { inbox, twin };
}

const ids = (inbox: Inbox): number[] => inbox.list.rows.map(({ id }) => id);
const down = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n);

describe('paging', () => {
  it('pulls older pages by key until there are none', async () => {
    const { inbox, twin } = await inboxOf(250);
    expect(ids(inbox)).toEqual(down(250, 151));
    await inbox.list.pullOlder();
    await inbox.list.pullOlder();
    expect(ids(inbox)).toEqual(down(250, 1));
    expect(inbox.list.stretch.older).toBeNull();
    await inbox.list.pullOlder();
    expect(twin.calls.filter(({ name }) => name === 'inboxPage')).toHaveLength(3);
  });

  it('asks for one page at a time', async () => {
    const { inbox, twin } = await inboxOf(250);
    await Promise.all([inbox.list.pullOlder(), inbox.list.pullOlder()]);
    expect(twin.calls.filter(({ name }) => name === 'inboxPage')).toHaveLength(2);
  });

  it('drops the answer for a list that is no longer shown', async () => {
    const { inbox, twin } = await inboxOf(3);
    const answers: ((page: InboxPage) => void)[] = [];
    twin.inboxPage = () => new Promise((answer) => answers.push(answer));
    const first = inbox.show({ ...everything, category: 'chat' });
    const second = inbox.show({ ...everything, category: 'orders' });
    answers[1]?.({ alerts: [row(1)], next: null });
    answers[0]?.({ alerts: [row(2, { category: 'chat' })], next: 2 });
    await Promise.all([first, second]);
    expect(ids(inbox)).toEqual([1]);
    expect(inbox.list.stretch.older).toBeNull();
  });

  it('lets a mark that came meanwhile win over the page', async () => {
    const { inbox, twin } = await inboxOf(0);
    const answers: ((page: InboxPage) => void)[] = [];
    twin.inboxPage = () => new Promise((answer) => answers.push(answer));
    const reading = inbox.list.reload();
    inbox.marked([1], true);
    answers[0]?.({ alerts: [row(1)], next: null });
    await reading;
    expect(inbox.list.rows[0]?.read).toBe(true);
  });

  it('leaves out what was deleted while the page was on its way', async () => {
    const { inbox, twin } = await inboxOf(0);
    const answers: ((page: InboxPage) => void)[] = [];
    twin.inboxPage = () => new Promise((answer) => answers.push(answer));
    const reading = inbox.list.reload();
    inbox.deleted([2]);
    answers[0]?.({ alerts: [row(3), row(2), row(1)], next: null });
    await reading;
    expect(ids(inbox)).toEqual([3, 1]);
  });

  it('says why a page could not be read, and recovers', async () => {
    const { inbox, twin } = await inboxOf(3);
    twin.problems.set('inboxPage', { code: 'inbox', message: 'disk', fields: [] });
    await inbox.list.reload();
    expect(inbox.list.problem?.code).toBe('inbox');
    expect(inbox.list.loading).toBe(false);
    await inbox.list.reload();
    expect(inbox.list.problem).toBeNull();
  });
});

describe('arrivals', () => {
  it('come in at the top while nothing is being read', async () => {
    const { inbox, twin } = await inboxOf(3);
    twin.arrive(0);
    expect(ids(inbox)).toEqual([4, 3, 2, 1]);
    expect(inbox.list.held).toHaveLength(0);
  });

  it('wait while an alert is open, and come in when it is closed', async () => {
    const { inbox, twin } = await inboxOf(3);
    await inbox.open(2);
    twin.arrive(0);
    twin.arrive(1);
    expect(ids(inbox)).toEqual([3, 2, 1]);
    expect(inbox.list.held.map(({ id }) => id)).toEqual([5, 4]);
    inbox.close();
    expect(ids(inbox)).toEqual([5, 4, 3, 2, 1]);
    expect(inbox.list.held).toHaveLength(0);
  });

  it('wait while the list is scrolled', async () => {
    const { inbox, twin } = await inboxOf(3);
    inbox.list.scrolled(false, null);
    twin.arrive(0);
    expect(inbox.list.held).toHaveLength(1);
    await inbox.list.toNewest();
    expect(ids(inbox)).toEqual([4, 3, 2, 1]);
  });

  it('that the filter leaves out are not shown', async () => {
    const { inbox, twin } = await inboxOf(8);
    await inbox.show({ ...everything, category: 'chat' });
    twin.arrive(0);
    twin.arrive(3);
    expect(inbox.list.rows.every(({ category }) => category === 'chat')).toBe(true);
    expect(inbox.list.rows[0]?.id).toBe(10);
  });

  it('in great number lead to a list read anew instead of a long one held back', async () => {
    const { inbox, twin } = await inboxOf(3);
    inbox.list.scrolled(false, null);
    for (let n = 0; n < 600; n += 1) twin.arrive(1);
    expect(inbox.list.held).toHaveLength(500);
    expect(inbox.list.waiting).toBe(600);
    await inbox.list.toNewest();
    expect(ids(inbox)).toEqual(down(603, 504));
    expect(inbox.list.stretch.older).not.toBeNull();
  });

  it('never make an open window keep more than 1,500 rows', async () => {
    const { inbox, twin } = await inboxOf(3);
    for (let n = 0; n < 1_600; n += 1) twin.arrive(1);
    expect(inbox.list.rows).toHaveLength(ROWS_KEPT);
    expect(inbox.list.stretch.older).not.toBeNull();
  });
});

describe('refresh', () => {
  it('catches up without moving what is being read', async () => {
    const { inbox, twin } = await inboxOf(3);
    await inbox.open(2);
    await twin.attach(() => undefined);
    twin.arrive(0);
    await twin.mark({ which: 'ids', ids: [3] }, true);
    await inbox.list.refresh();
    expect(ids(inbox)).toEqual([3, 2, 1]);
    expect(inbox.list.rows[0]?.read).toBe(true);
    expect(inbox.list.held.map(({ id }) => id)).toEqual([4]);
  });

  it('stays where it is when more was missed than one page holds, and leads to the newest', async () => {
    const { inbox, twin } = await inboxOf(3);
    inbox.list.scrolled(false, null);
    await twin.attach(() => undefined);
    for (let n = 0; n < 150; n += 1) twin.arrive(1);
    await inbox.list.refresh();
    expect(ids(inbox)).toEqual([3, 2, 1]);
    expect(inbox.list.stretch.atNewest).toBe(false);
    await inbox.list.pullNewer();
    await inbox.list.pullNewer();
    expect(ids(inbox)).toEqual(down(153, 1));
    expect(inbox.list.stretch.atNewest).toBe(true);
  });

  it('reaches down to what is in view, however deep that is', async () => {
    const { inbox, twin } = await inboxOf(1_000);
    for (let n = 0; n < 6; n += 1) await inbox.list.pullOlder();
    inbox.list.scrolled(false, 420);
    await twin.deleteAlerts({ which: 'ids', ids: [500] });
    await inbox.list.refresh();
    expect(ids(inbox).slice(0, 501)).toEqual(down(1_000, 499).filter((id) => id !== 500));
    expect(ids(inbox).at(-1)).toBeLessThan(420 - 50);
    expect(inbox.list.stretch.atNewest).toBe(true);
  });
});

describe('the open alert', () => {
  it('counts as read only once it was shown', async () => {
    const { inbox } = await inboxOf(3);
    await inbox.open(3);
    expect(inbox.detail?.row.read).toBe(false);
    await inbox.shown(3);
    expect(inbox.detail?.row.read).toBe(true);
    expect(inbox.list.rows[0]?.read).toBe(true);
  });

  it('is the last one asked for, whichever answer comes last', async () => {
    const { inbox, twin } = await inboxOf(3);
    const real = twin.alert.bind(twin);
    let release = (): void => undefined;
    const late = new Promise<void>((done) => (release = done));
    twin.alert = async (id) => {
      if (id === 1) await late;
      return real(id);
    };
    const first = inbox.open(1);
    await inbox.open(2);
    release();
    await first;
    expect(inbox.detail?.row.id).toBe(2);
  });

  it('that is gone says so and closes', async () => {
    const { inbox } = await inboxOf(1);
    await inbox.open(99);
    expect(inbox.openId).toBeNull();
    expect(inbox.problem?.code).toBe('inbox');
  });
});

describe('a long list', () => {
  it('holds a bounded part of itself, and comes back to its top without a gap or a double', async () => {
    const { inbox, twin } = await inboxOf(5_000);
    const { list } = inbox;
    list.scrolled(false, null);
    for (let n = 0; n < 30; n += 1) await list.pullOlder();
    expect(ids(inbox)).toEqual(down(1_900 + ROWS_KEPT, 1_901));
    expect(list.stretch.atNewest).toBe(false);
    for (let n = 0; n < 30; n += 1) await list.pullNewer();
    expect(ids(inbox)).toEqual(down(5_000, 5_001 - ROWS_KEPT));
    expect(list.stretch.atNewest).toBe(true);
    expect(list.stretch.older).toBe(5_001 - ROWS_KEPT);
    const limits = twin.calls.map(({ argument }) => (argument as { limit?: number } | null)?.limit);
    expect(Math.max(...limits.filter((limit) => limit !== undefined))).toBe(100);
  });

  it('jumps to a day and stands there, with newer ones above', async () => {
    const { inbox } = await inboxOf(5_000);
    const { list } = inbox;
    const { atMs } = list.rows[50]!;
    expect(await list.jump(atMs)).toBe(true);
    expect(list.place).toEqual({ at: 'row', id: 4_949 });
    expect(ids(inbox)).toEqual(down(5_000, 4_850));
    expect(await list.jump(atMs - 2_000 * 97 * 60_000)).toBe(true);
    expect(list.stretch.atNewest).toBe(false);
    const [first] = ids(inbox);
    expect(ids(inbox)).toEqual(down(first!, first! - 199));
    expect(await list.jump(0)).toBe(false);
    expect(ids(inbox)[0]).toBe(first);
  });

  it('counts what arrives while it stands in the past, and has it once it is back', async () => {
    const { inbox, twin } = await inboxOf(5_000);
    const { list } = inbox;
    await list.jump(list.rows[0]!.atMs - 2_000 * 97 * 60_000);
    list.scrolled(true, null);
    for (let n = 0; n < 3; n += 1) twin.arrive(1);
    expect(list.waiting).toBe(3);
    expect(list.rows[0]!.id).toBeLessThan(4_900);
    while (list.stretch.newer !== null) await list.pullNewer();
    expect(list.rows[0]!.id).toBe(5_003);
    expect(list.waiting).toBe(0);
    expect(new Set(ids(inbox)).size).toBe(ids(inbox).length);
  });

  it('goes to its oldest and its newest at once', async () => {
    const { inbox } = await inboxOf(5_000);
    await inbox.moveToEnd('last');
    expect(inbox.cursor).toBe(1);
    expect(inbox.list.place).toEqual({ at: 'bottom' });
    await inbox.moveToEnd('first');
    expect(inbox.cursor).toBe(5_000);
  });

  it('takes in among its rows what the market had stored', async () => {
    const { inbox } = await inboxOf(0);
    inbox.list.stretch = { rows: [row(9), row(3)], atNewest: true, newer: null, older: 3 };
    inbox.list.scrolled(false, null);
    inbox.arrived([row(2), row(5), row(11)]);
    expect(ids(inbox)).toEqual([9, 5, 3]);
    expect(inbox.list.held.map(({ id }) => id)).toEqual([11]);
  });

  it('asks no more by itself after a page could not be read', async () => {
    const { inbox, twin } = await inboxOf(250);
    twin.problems.set('inboxPage', { code: 'inbox', message: 'disk', fields: [] });
    await inbox.list.pullOlder();
    const { length } = twin.calls;
    await inbox.list.pullOlder();
    expect(twin.calls).toHaveLength(length);
    await inbox.list.refresh();
    await inbox.list.pullOlder();
    expect(ids(inbox)).toEqual(down(250, 51));
  });
});

describe('a search', () => {
  it('goes on through pages without a hit, and asks after some', async () => {
    const { inbox, twin } = await inboxOf(1_000_000);
    await inbox.search('not to be found');
    expect(inbox.list.rows).toHaveLength(0);
    expect(inbox.list.stopped).toBe(true);
    const pages = () => twin.calls.filter(({ name }) => name === 'inboxPage').length;
    expect(pages()).toBe(1 + 8);
    await inbox.list.pullOlder();
    expect(pages()).toBe(1 + 8);
    await inbox.list.searchOn();
    expect(pages()).toBe(1 + 16);
  });

  it('shows what arrives and matches', async () => {
    const { inbox, twin } = await inboxOf(8);
    await inbox.search('teapot');
    expect(ids(inbox)).toEqual([7]);
    twin.arrive(0);
    twin.arrive(1);
    await expect.poll(() => ids(inbox)).toEqual([10, 7]);
  });

  it('keeps the rows there are until the answer comes', async () => {
    const { inbox } = await inboxOf(3);
    const searching = inbox.search('teapot');
    expect(ids(inbox)).toEqual([3, 2, 1]);
    await searching;
    expect(ids(inbox)).toEqual([2]);
  });

  it('does not keep them as if they were hits when it fails', async () => {
    const { inbox, twin } = await inboxOf(3);
    twin.problems.set('inboxPage', { code: 'inbox', message: 'disk', fields: [] });
    await inbox.search('teapot');
    expect(ids(inbox)).toEqual([]);
  });
});

describe('deleting', () => {
  it('takes the row out at once, moves on, and brings it back where it was, the keyboard on it', async () => {
    const { inbox } = await inboxOf(5);
    await inbox.open(3);
    const deleting = inbox.delete();
    expect(ids(inbox)).toEqual([5, 4, 2, 1]);
    expect(inbox.openId).toBeNull();
    expect(inbox.cursor).toBe(2);
    await deleting;
    await inbox.undo();
    await Promise.all(changes);
    expect(ids(inbox)).toEqual([5, 4, 3, 2, 1]);
    expect(inbox.undoable.last).toBeNull();
    expect(inbox.cursor).toBe(3);
  });

  it('brings the row back when it failed', async () => {
    const { inbox, twin } = await inboxOf(3);
    twin.problems.set('deleteAlerts', { code: 'inbox', message: 'disk', fields: [] });
    await inbox.open(2);
    await inbox.delete();
    expect(ids(inbox)).toEqual([3, 2, 1]);
    expect(inbox.problem?.code).toBe('inbox');
  });

  it('that stops half way says so, shows what is left, and brings back what went', async () => {
    const { inbox, twin } = await inboxOf(6);
    twin.stops.push({ code: 'inbox', message: 'busy', fields: [] });
    inbox.selectAll({ unread: 3, total: 6, starred: 0, reminders: 0, categories: {} });
    await inbox.delete();
    await Promise.all(changes);
    expect(inbox.problem?.message).toBe('busy');
    expect(ids(inbox)).toEqual([3, 2, 1]);
    expect(inbox.undoable.last).toMatchObject({ whole: false });
    await inbox.undo();
    await Promise.all(changes);
    expect(ids(inbox)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('of all spares what nobody has seen', async () => {
    const { inbox, twin } = await inboxOf(300);
    inbox.list.scrolled(false, null);
    inbox.selectAll({ unread: 3, total: 300, starred: 0, reminders: 0, categories: {} });
    twin.arrive(1);
    expect(inbox.selection.count).toBe(300);
    await inbox.delete();
    await Promise.all(changes);
    const asked = twin.calls.find(({ name }) => name === 'deleteAlerts');
    expect(asked?.argument).toMatchObject({ which: 'matching', upTo: 300 });
    expect(ids(inbox)).toEqual([301]);
    await inbox.undo();
    await Promise.all(changes);
    expect(ids(inbox).slice(0, 3)).toEqual([301, 300, 299]);
  });
});
