import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { SendingView } from '../../src/bindings/SendingView';
import { asked, hook, stage } from './stage';

const { open } = stage();

const list: SendingView = {
  id: 3,
  madeMs: Date.now(),
  dueMs: null,
  to: { type: 'list' },
  account: '4021',
  baseUrl: 'https://agoramarketapi.onrender.com/api',
  json: '{\n  "title": "Typhoon: no deliveries, {name}"\n}',
  state: 'halted',
  halt: 'slept',
  resumesMs: null,
  counts: {
    total: 2194,
    notTried: 939,
    underWay: 0,
    accepted: 1197,
    refused: 21,
    maybe: 37,
    notSent: 0,
    seen: 0,
  },
  perSecond: 0,
  leftS: null,
};

async function sent(sendings: SendingView[]): Promise<Page> {
  const page = await open();
  await page.evaluate((sendings) => {
    const when = { atMs: Date.now(), seenMs: null, tries: 1 };
    window.twin.sendings = sendings;
    window.twin.lines = [
      { line: 1, userId: '4021', outcome: 'accepted', status: 200, why: null, ...when },
      { line: 2, userId: '4038', outcome: 'refused', status: 404, why: 'no such user', ...when },
    ];
  }, sendings);
  await hook(page, 'nav-sent').click();
  return page;
}

describe('what was sent', () => {
  it('says what will appear while there is nothing', async () => {
    const page = await sent([]);
    await page.getByText('What you send appears here').waitFor();
  });

  it('tells of a list how far it is and of each user what became of it', async () => {
    const page = await sent([list]);
    await hook(page, 'sending').getByText('List of 2,194 users').waitFor();
    await hook(page, 'sending').click();
    await page.getByText('Stopped while the computer slept').waitFor();
    expect(await hook(page, 'sent-counts').innerText()).toBe(
      '1,197 accepted · 21 refused · 37 may have been delivered · 939 not yet tried',
    );
    await hook(page, 'sent-line').nth(1).getByText('Refused · HTTP 404 · no such user').waitFor();
    await hook(page, 'sent-resume').click();
    await hook(page, 'sent-retry').click();
    await expect.poll(() => asked(page, 'retryRefused')).toEqual([3]);
    expect(await asked(page, 'resumeSending')).toEqual([3]);
    await hook(page, 'sent-export').click();
    await page.getByText('agora-sent-3.csv').waitFor();
  });

  it('can be undone while it waits, and paused while it is being sent', async () => {
    const waiting = { ...list, state: 'waiting', halt: null } as const;
    const page = await sent([waiting, { ...list, id: 2, state: 'running', halt: null }]);
    await hook(page, 'sending').first().click();
    await hook(page, 'sent-undo').click();
    await expect.poll(() => asked(page, 'undoSending')).toEqual([3]);
    await hook(page, 'sent-back').click();
    await hook(page, 'sending').nth(1).click();
    await hook(page, 'sent-pause').click();
    await expect.poll(() => asked(page, 'pauseSending')).toEqual([2]);
  });

  it('is used again as a message to one user, never to everyone', async () => {
    const page = await sent([list]);
    await hook(page, 'sending').click();
    await hook(page, 'sent-again').click();
    expect(await hook(page, 'compose-json').inputValue()).toBe(list.json);
    await hook(page, 'compose-user-id').waitFor();
  });
});
