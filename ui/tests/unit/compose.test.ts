import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Twin } from '../../src/backend/memory/twin';
import type { FieldError } from '../../src/bindings/FieldError';
import type { SendOutcome } from '../../src/bindings/SendOutcome';
import { Composer } from '../../src/features/compose/composer.svelte';
import { fieldsFromJson, jsonFromFields, noFields } from '../../src/features/compose/json';
import { emptyDraft, keep, keepOnly, keyOf, recall } from '../../src/features/compose/kept';
import { isTyped } from '../../src/parts/typed-word';

/** What `localStorage` promises, in memory. */
class Shelf implements Storage {
  readonly #kept = new Map<string, string>();
  get length(): number {
    return this.#kept.size;
  }
  clear = (): void => this.#kept.clear();
  getItem = (key: string): string | null => this.#kept.get(key) ?? null;
  key = (index: number): string | null => [...this.#kept.keys()][index] ?? null;
  removeItem = (key: string): void => void this.#kept.delete(key);
  setItem = (key: string, value: string): void => void this.#kept.set(key, value);
}

const full = {
  kind: 'SYSTEM_MAINTENANCE_START',
  title: 'Tonight',
  content: 'One\ntwo',
  link: '/notice/88',
  urgent: true,
  translations: [],
  more: [],
};

describe('the form and JSON', () => {
  it('show the same message both ways', () => {
    expect(fieldsFromJson(jsonFromFields(full))).toEqual(full);
    expect(fieldsFromJson(jsonFromFields(noFields))).toEqual(noFields);
    expect(fieldsFromJson('')).toEqual(noFields);
  });

  it('lose nothing of what the form has no field for', () => {
    const more = [
      { name: 'orderId', value: '12345678901234567890123' },
      { name: 'a "b", {', value: '{"c": [1.0, "}\\"]"], "d": null}' },
      { name: 'toString', value: '"x"' },
    ];
    const translations = [{ language: 'zh-TW', title: '今晚', content: '' }];
    const fields = { ...full, translations, more };
    expect(fieldsFromJson(jsonFromFields(fields))).toEqual(fields);
    const text = '\n{ "orderId" :12345678901234567890123 ,"title":"Tea"}';
    expect(fieldsFromJson(text)).toEqual({ ...noFields, title: 'Tea', more: more.slice(0, 1) });
    expect(fieldsFromJson('{}')).toEqual(noFields);
  });

  it('name what the form has no place for', () => {
    expect(fieldsFromJson('[1]')).toEqual({ why: 'not_object' });
    expect(fieldsFromJson('{')).toEqual({ why: 'not_object' });
    expect(fieldsFromJson('{"title": 7}')).toEqual({ why: 'other_type', field: 'title' });
    expect(fieldsFromJson('{"isUrgent": "yes"}')).toEqual({ why: 'other_type', field: 'isUrgent' });
    expect(fieldsFromJson('{"title": "x", "title": "y"}')).toEqual({
      why: 'twice',
      field: 'title',
    });
    for (const i18n of ['7', '{"en": "x"}', '{"en": {"title": 1}}', '{"en": {"sound": ""}}'])
      expect(fieldsFromJson(`{"i18n": ${i18n}}`)).toEqual({ why: 'other_type', field: 'i18n' });
  });
});

describe('the kept draft', () => {
  it('comes back as it was', () => {
    const shelf = new Shelf();
    const draft = { ...emptyDraft, to: 'user', userId: '7', fields: full } as const;
    keep(shelf, keyOf('main'), draft);
    expect(recall(shelf, keyOf('main'))).toEqual(draft);
  });

  it.each(['', 'null', '7', '{"fields": 3}', '{"to": "all", "json": {}}'])(
    'survives %j',
    (text) => {
      const shelf = new Shelf();
      shelf.setItem(keyOf('main'), text);
      expect(recall(shelf, keyOf('main'))).toEqual(emptyDraft);
    },
  );

  it('is each account’s own, and goes with it', () => {
    const shelf = new Shelf();
    const drafts = ['main', '2', '3'].map((userId) => ({ ...emptyDraft, userId }));
    for (const draft of drafts) keep(shelf, keyOf(draft.userId), draft);
    shelf.setItem('agora.single-letters', 'off');
    keepOnly(shelf, ['main', '3']);
    expect(['main', '2', '3'].map((name) => recall(shelf, keyOf(name)).userId)).toEqual([
      'main',
      '',
      '3',
    ]);
    expect(shelf.getItem('agora.single-letters')).toBe('off');
  });

  it('is given up without a word where nothing can be kept', () => {
    const shelf = new Shelf();
    shelf.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    expect(() => keep(shelf, keyOf('main'), emptyDraft)).not.toThrow();
  });
});

describe('the word that confirms', () => {
  it('may be typed in any case and width, and must be the word', () => {
    expect(isTyped('everyone', ' Everyone ')).toBe(true);
    expect(isTyped('everyone', 'ｅveryone')).toBe(true);
    expect(isTyped('everyone', 'everyon')).toBe(false);
    expect(isTyped('所有人', '所有人')).toBe(true);
  });
});

describe('sending', () => {
  let twin: Twin;
  let composer: Composer;
  const sent = (): unknown[] => twin.calls.filter(({ name }) => name === 'send');

  beforeEach(() => {
    vi.useFakeTimers();
    twin = new Twin({ account: true, alerts: 0, language: 'en', theme: 'system' });
    composer = new Composer(twin, new Shelf(), 'main', () => undefined);
    composer.draft = { ...emptyDraft, to: 'user', userId: '7', fields: full };
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks Rust only after a pause in typing', async () => {
    composer.follow()();
    composer.follow();
    await vi.advanceTimersByTimeAsync(149);
    expect(twin.calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(twin.calls).toHaveLength(1);
    expect(composer.check?.looks[0]?.toast.title).toBe('Tonight');
  });

  it('shows an error only of fields that were left, and all after a try', async () => {
    composer.draft.fields = { ...full, title: '', link: 'ftp:' };
    composer.follow();
    await vi.advanceTimersByTimeAsync(150);
    expect(composer.errors).toEqual([]);
    await composer.touch('link');
    expect(composer.errors.map(({ field }) => field)).toEqual(['link']);
    await composer.trySend();
    expect(composer.errors.map(({ field }) => field)).toEqual(['title', 'link']);
    expect(sent()).toHaveLength(0);
  });

  it('sends once, however often the button is pressed', async () => {
    let answer = (_: SendOutcome): void => undefined;
    twin.outcomes.push(new Promise((given) => (answer = given)));
    const presses = Promise.all([composer.trySend(), composer.trySend()]);
    await vi.waitFor(() => expect(composer.phase.name).toBe('sending'));
    await composer.trySend();
    answer({ outcome: 'accepted', status: 200 });
    await presses;
    expect(sent()).toHaveLength(1);
    expect(composer.phase).toMatchObject({ outcome: { outcome: 'accepted' } });
    await composer.trySend();
    expect(sent()).toHaveLength(1);
  });

  it('to everyone waits for the confirmation', async () => {
    composer.draft.to = 'everyone';
    await composer.trySend();
    expect(composer.phase.name).toBe('confirming');
    expect(sent()).toHaveLength(0);
    await composer.confirm();
    expect(sent()).toHaveLength(1);
  });

  it('never claims that nothing left when it cannot know', async () => {
    for (const code of ['internal', 'gone'] as const) {
      twin.problems.set('send', { code, message: '', fields: [] });
      await composer.trySend();
      expect(composer.phase).toMatchObject({ outcome: { outcome: 'may_have_been_delivered' } });
      composer.resume();
    }
  });

  it('puts what Rust finds at the last moment beside its field', async () => {
    const error: FieldError = {
      field: 'user_id',
      rule: 'malformed',
      message: '',
      line: null,
      column: null,
      mended: null,
    };
    twin.problems.set('send', { code: 'invalid', message: '', fields: [error] });
    await composer.trySend();
    expect(composer.phase.name).toBe('writing');
    expect(composer.error('user_id')).toEqual(error);
  });

  it('keeps the message in JSON where the form cannot show it', () => {
    composer.editAs('json');
    composer.draft.json = '{"title": 7}';
    composer.editAs('form');
    expect(composer.draft.mode).toBe('json');
    expect(composer.obstacle).toEqual({ why: 'other_type', field: 'title' });
  });

  it('starts a new message to the same kind of recipient', () => {
    composer.restart();
    expect(composer.draft).toEqual({ ...emptyDraft, to: 'user' });
  });
});
