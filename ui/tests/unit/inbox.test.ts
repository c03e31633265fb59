import { describe, expect, it } from 'vitest';
import { Twin } from '../../src/backend/memory/twin';
import type { InboxPage } from '../../src/bindings/InboxPage';
import type { PageEvent } from '../../src/bindings/PageEvent';
import { Inbox } from '../../src/features/inbox/inbox.svelte';
import { row } from './rows';

async function inboxOf(alerts: number): Promise<{ inbox: Inbox; twin: Twin }> {
  const twin = new Twin({ account: true, alerts, language: 'en', theme: 'system' });
  const inbox = new Inbox(twin);
  await twin.attach((event: PageEvent) => {
    if (event.type === 'arrived') inbox.arrived(event.alerts);
    if (event.type === 'marked') inbox.marked(event.ids, event.read);
  });
  await inbox.reload();
  return { inbox, twin };
}

const ids = (inbox: Inbox): number[] => inbox.rows.map(({ id }) => id);
const down = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n);

describe('paging', () => {
  it('pulls older pages by key until there are none', async () => {
    const { inbox, twin } = await inboxOf(250);
    expect(ids(inbox)).toEqual(down(250, 151));
    await inbox.pullOlder();
    await inbox.pullOlder();
    expect(ids(inbox)).toEqual(down(250, 1));
    expect(inbox.more).toBe(false);
    await inbox.pullOlder();
    expect(twin.calls.filter(({ name }) => name === 'inboxPage')).toHaveLength(3);
  });

  it('asks for one page at a time', async () => {
    const { inbox, twin } = await inboxOf(250);
    await Promise.all([inbox.pullOlder(), inbox.pullOlder()]);
    expect(twin.calls.filter(({ name }) => name === 'inboxPage')).toHaveLength(2);
  });

  it('drops the answer for a list that is no longer shown', async () => {
    const { inbox, twin } = await inboxOf(3);
    const answers: ((page: InboxPage) => void)[] = [];
    twin.inboxPage = () => new Promise((answer) => answers.push(answer));
    const first = inbox.show({ category: 'chat', unread: false, urgent: false });
    const second = inbox.show({ category: 'orders', unread: false, urgent: false });
    answers[1]?.({ alerts: [row(1)], more: false });
    answers[0]?.({ alerts: [row(2, { category: 'chat' })], more: true });
    await Promise.all([first, second]);
    expect(ids(inbox)).toEqual([1]);
    expect(inbox.more).toBe(false);
  });

  it('lets a mark that came meanwhile win over the page', async () => {
    const { inbox, twin } = await inboxOf(0);
    const answers: ((page: InboxPage) => void)[] = [];
    twin.inboxPage = () => new Promise((answer) => answers.push(answer));
    const reading = inbox.reload();
    inbox.marked([1], true);
    answers[0]?.({ alerts: [row(1)], more: false });
    await reading;
    expect(inbox.rows[0]?.read).toBe(true);
  });

  it('says why a page could not be read, and recovers', async () => {
    const { inbox, twin } = await inboxOf(3);
    twin.problems.set('inboxPage', { code: 'inbox', message: 'disk', fields: [] });
    await inbox.reload();
    expect(inbox.problem?.code).toBe('inbox');
    expect(inbox.loading).toBe(false);
    await inbox.reload();
    expect(inbox.problem).toBeNull();
  });
});

describe('arrivals', () => {
  it('come in at the top while nothing is being read', async () => {
    const { inbox, twin } = await inboxOf(3);
    twin.arrive(0);
    expect(ids(inbox)).toEqual([4, 3, 2, 1]);
    expect(inbox.held).toHaveLength(0);
  });

  it('wait while an alert is open, and come in when it is closed', async () => {
    const { inbox, twin } = await inboxOf(3);
    await inbox.open(2);
    twin.arrive(0);
    twin.arrive(1);
    expect(ids(inbox)).toEqual([3, 2, 1]);
    expect(inbox.held.map(({ id }) => id)).toEqual([5, 4]);
    inbox.close();
    expect(ids(inbox)).toEqual([5, 4, 3, 2, 1]);
    expect(inbox.held).toHaveLength(0);
  });

  it('wait while the list is scrolled', async () => {
    const { inbox, twin } = await inboxOf(3);
    inbox.scrolled(false);
    twin.arrive(0);
    expect(inbox.held).toHaveLength(1);
    await inbox.release();
    expect(ids(inbox)).toEqual([4, 3, 2, 1]);
  });

  it('that the filter leaves out are not shown', async () => {
    const { inbox, twin } = await inboxOf(8);
    await inbox.show({ category: 'chat', unread: false, urgent: false });
    twin.arrive(0);
    twin.arrive(3);
    expect(inbox.rows.every(({ category }) => category === 'chat')).toBe(true);
    expect(inbox.rows[0]?.id).toBe(10);
  });

  it('in great number lead to a list read anew instead of a long one held back', async () => {
    const { inbox, twin } = await inboxOf(3);
    inbox.scrolled(false);
    for (let n = 0; n < 600; n += 1) twin.arrive(1);
    expect(inbox.held).toHaveLength(500);
    await inbox.release();
    expect(ids(inbox)).toEqual(down(603, 504));
    expect(inbox.more).toBe(true);
  });

  it('never make an open window keep more than 2,000 rows', async () => {
    const { inbox, twin } = await inboxOf(3);
    for (let n = 0; n < 2_100; n += 1) twin.arrive(1);
    expect(inbox.rows).toHaveLength(2_000);
    expect(inbox.more).toBe(true);
  });
});

describe('refresh', () => {
  it('catches up without moving what is being read', async () => {
    const { inbox, twin } = await inboxOf(3);
    await inbox.open(2);
    await twin.attach(() => undefined);
    twin.arrive(0);
    await twin.markRead([3], true);
    await inbox.refresh();
    expect(ids(inbox)).toEqual([3, 2, 1]);
    expect(inbox.rows[0]?.read).toBe(true);
    expect(inbox.held.map(({ id }) => id)).toEqual([4]);
  });

  it('reads anew when more was missed than one page holds', async () => {
    const { inbox, twin } = await inboxOf(3);
    inbox.scrolled(false);
    await twin.attach(() => undefined);
    for (let n = 0; n < 150; n += 1) twin.arrive(1);
    await inbox.refresh();
    expect(ids(inbox)).toEqual(down(153, 54));
  });
});

describe('the open alert', () => {
  it('counts as read only once it was shown', async () => {
    const { inbox } = await inboxOf(3);
    await inbox.open(3);
    expect(inbox.detail?.row.read).toBe(false);
    await inbox.shown(3);
    expect(inbox.detail?.row.read).toBe(true);
    expect(inbox.rows[0]?.read).toBe(true);
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
