import { describe, expect, it } from 'vitest';
import { Twin } from '../../src/backend/memory/twin';
import type { Preferences } from '../../src/bindings/Preferences';
import type { QuietHours } from '../../src/bindings/QuietHours';
import type { SelfTest } from '../../src/bindings/SelfTest';
import { snoozeEnd } from '../../src/lib/snooze';
import { Choices } from '../../src/features/settings/choices.svelte';
import { DAYS, isLess, keptLonger, sized, withChosen } from '../../src/features/settings/keep';
import { quietText, weekdays } from '../../src/features/settings/quiet';
import { clockText, minutesOf } from '../../src/lib/day-time';
import { areDefault, DEFAULT_RULES, withRule } from '../../src/features/settings/rules';
import { steps, verdict } from '../../src/features/settings/selftest';

describe('times of quiet hours', () => {
  it('are minutes, and read as they are written', () => {
    for (const minutes of [0, 1, 8 * 60, 22 * 60 + 5, 23 * 60 + 59])
      expect(minutesOf(clockText(minutes))).toBe(minutes);
    expect(clockText(485)).toBe('08:05');
    expect(clockText(1440 + 60)).toBe('01:00');
  });

  it('are understood as people type them, and nothing else is', () => {
    expect(minutesOf(' 8:00 ')).toBe(480);
    expect(minutesOf('２２：３０')).toBe(1350);
    expect(minutesOf('22.30')).toBe(1350);
    expect(minutesOf('2230')).toBe(1350);
    expect(minutesOf('8')).toBe(480);
    for (const text of ['', '99', '24:00', '12:60', '8:5', 'noon', '-1:00', '08:00 PM'])
      expect(minutesOf(text), text).toBeNull();
  });
});

describe('quiet hours in a sentence', () => {
  const hours = (from: string, to: string, days = '1111111'): QuietHours => ({
    on: true,
    from: minutesOf(from) ?? 0,
    to: minutesOf(to) ?? 0,
    days: [...days].map((day) => day === '1') as QuietHours['days'],
  });

  it('say that they end on the next day only when they do', () => {
    expect(quietText('en', hours('22:00', '08:00'))).toBe(
      'Every day, from 22:00 until 08:00 the next day.',
    );
    expect(quietText('en', hours('12:00', '13:30'))).toBe('Every day, from 12:00 until 13:30.');
    expect(quietText('zh-TW', hours('22:00', '08:00'))).toBe('每天 22:00 到隔天 08:00。');
    expect(quietText('zh-TW', hours('12:00', '13:30'))).toBe('每天 12:00 到 13:30。');
    // The same time is a whole day, as Rust takes it.
    expect(quietText('en', hours('08:00', '08:00', '0000011'))).toContain('the next day');
  });

  it('name the days', () => {
    expect(quietText('en', hours('9:00', '10:00', '1111100'))).toContain('Monday to Friday');
    expect(quietText('en', hours('9:00', '10:00', '1010100'))).toContain('Mon, Wed and Fri');
    expect(quietText('en', hours('9:00', '10:00', '0000001'))).toContain('Sunday, from');
    expect(quietText('zh-TW', hours('9:00', '10:00', '1010000'))).toContain('週一和週三');
    expect(weekdays('en', 'long')[0]).toBe('Monday');
  });

  it('say when they never and when they always hold', () => {
    expect(quietText('en', hours('22:00', '08:00', '0000000'))).toContain('never quiet');
    expect(quietText('en', hours('22:00', '22:00'))).toBe('All the time.');
  });
});

describe('keeping', () => {
  it('keeps unread and urgent alerts four times as long, and at least a year', () => {
    expect([7, 90, 91, 92, 180].map(keptLonger)).toEqual([365, 365, 365, 368, 720]);
  });

  it('offers what is chosen elsewhere too, in its place', () => {
    expect(withChosen(DAYS, 90)).toEqual([7, 30, 90, 180, 365, null]);
    expect(withChosen(DAYS, 45)).toEqual([7, 30, 45, 90, 180, 365, null]);
    expect(withChosen(DAYS, null).at(-1)).toBeNull();
  });

  it('knows what is shorter', () => {
    expect(isLess(30, 90)).toBe(true);
    expect(isLess(30, null)).toBe(true);
    expect(isLess(null, 30)).toBe(false);
    expect(isLess(90, 90)).toBe(false);
  });

  it('says sizes as people do', () => {
    expect(sized(256)).toEqual({ size: 256, unit: 'MiB' });
    expect(sized(1_024)).toEqual({ size: 1, unit: 'GiB' });
    expect(sized(1_500)).toEqual({ size: 1_500, unit: 'MiB' });
  });
});

describe('a snooze', () => {
  const at = (day: number, hours: number): number => new Date(2026, 10, day, hours).getTime();

  it('ends at a time, and says when that is tomorrow', () => {
    expect(snoozeEnd('en', at(23, 14), at(23, 0))).toBe('14:00');
    expect(snoozeEnd('en', at(24, 8), at(23, 0))).toBe('tomorrow 08:00');
    expect(snoozeEnd('zh-TW', at(24, 8), at(23, 0))).toBe('明天 08:00');
    expect(snoozeEnd('en', at(24, 8), at(24, 0))).toBe('08:00');
  });
});

describe('a test', () => {
  const test = (states: string, part: Partial<SelfTest> = {}): SelfTest => ({
    running: false,
    throughMarket: true,
    hops: (['accepted', 'received', 'committed', 'shown'] as const).map((name, n) => ({
      name,
      state: ({ p: 'passed', f: 'failed', w: 'waiting' } as const)[states[n] as 'p' | 'f' | 'w'],
      afterMs: states[n] === 'p' ? 100 * (n + 1) : null,
      detail: null,
    })),
    ...part,
  });

  it('ends well only when the toast was shown', () => {
    expect(verdict('en', test('pppp'))).toEqual({
      tone: 'good',
      text: 'It works: the toast was shown 400 ms after the test was sent.',
    });
    expect(verdict('zh-TW', test('pppp')).text).toContain('400 毫秒後');
    for (const states of ['fwww', 'pfww', 'pwww', 'ppfw', 'pppf', 'pppw'])
      expect(verdict('en', test(states)).tone, states).toBe('bad');
  });

  it('says where it stopped', () => {
    const said = ['fwww', 'pfww', 'ppfw', 'pppf'].map((states) => verdict('en', test(states)).text);
    expect(new Set(said).size).toBe(4);
    // Nobody said that it failed: it was waited for in vain.
    expect(verdict('en', test('pwww')).text).toBe(said[1]);
    expect(verdict('en', test('', { hops: [] })).text).toBe("It didn't arrive.");
  });

  it('does not claim the way through the market for a local one', () => {
    const local = { throughMarket: false };
    expect(verdict('en', test('ffpp', local))).toMatchObject({ tone: 'wait' });
    expect(verdict('en', test('ffpp', local)).text).toContain("didn't go through the market");
    expect(verdict('en', test('ffpf', local))).toMatchObject({ tone: 'bad' });
  });

  it('calls nothing waited for once it is over', () => {
    const when = (running: boolean): string[] =>
      steps('en', test('pwww', { running })).map((step) => step.when);
    expect(when(true)).toEqual(['100 ms', 'waiting…', 'waiting…', 'waiting…']);
    expect(when(false)).toEqual(['100 ms', 'not reached', 'not reached', 'not reached']);
  });

  it('stops once, and gives each reason once', () => {
    const because = (states: string, ...details: (string | null)[]) => {
      const { hops, ...rest } = test(states);
      return steps('en', {
        ...rest,
        hops: hops.map((hop, n) => ({ ...hop, detail: details[n] ?? null })),
      });
    };
    const late = because('pfff', null, 'too late', 'too late', 'too late');
    expect(late.map(({ state }) => state)).toEqual(['passed', 'failed', 'waiting', 'waiting']);
    expect(late.map(({ why }) => why)).toEqual([null, 'too late', null, null]);
    const local = because('ffpp', 'HTTP 403', 'not sent');
    expect(local.map(({ when }) => when)).toEqual([
      'stopped here',
      'not reached',
      '300 ms',
      '400 ms',
    ]);
    expect(local.map(({ why }) => why)).toEqual(['HTTP 403', null, null, null]);
    const full = because('ffff', 'HTTP 403', 'not sent', 'no inbox', 'no inbox');
    expect(full.map(({ why }) => why)).toEqual(['HTTP 403', null, 'no inbox', null]);
  });
});

describe('rules', () => {
  it('are the defaults, or not, whatever was left out', () => {
    expect(areDefault(DEFAULT_RULES)).toBe(true);
    expect(areDefault({ ...DEFAULT_RULES, categories: {} })).toBe(true);
    const preferences = { rules: DEFAULT_RULES } as Preferences;
    const changed = withRule(preferences, 'chat', { sound: false });
    expect(areDefault(changed.rules)).toBe(false);
    expect(changed.rules.categories.chat).toEqual({ toast: true, sound: false, onlyUrgent: false });
    expect(DEFAULT_RULES.categories.chat.sound).toBe(true);
    const days = [true, true, true, true, true, true, false] as QuietHours['days'];
    expect(areDefault({ ...DEFAULT_RULES, quiet: { ...DEFAULT_RULES.quiet, days } })).toBe(false);
  });
});

describe('choices', () => {
  const begin = (): { twin: Twin; told: () => Preferences; tell: (next: Preferences) => void } => {
    const twin = new Twin({ account: true, alerts: 0, language: 'en', theme: 'system' });
    let preferences: Preferences = {
      language: 'en',
      theme: 'system',
      textSize: 100,
      startHidden: true,
      singleLetters: true,
      composes: null,
      keepDays: 90,
      keepMib: 1_024,
      rules: DEFAULT_RULES,
      webSite: null,
    };
    return { twin, told: () => preferences, tell: (next) => (preferences = next) };
  };
  const kept = (twin: Twin): unknown[] =>
    twin.calls.filter(({ name }) => name === 'setPreferences').map(({ argument }) => argument);

  it('are shown at once, and kept on top of one another though no snapshot came between', async () => {
    const { twin, told } = begin();
    const choices = new Choices(twin, told);
    const first = choices.keep('theme', (from) => ({ ...from, theme: 'dark' }));
    const second = choices.keep('keep', (from) => ({ ...from, keepDays: 30 }));
    expect(choices.shown).toMatchObject({ theme: 'dark', keepDays: 30 });
    expect(await first).toBe(true);
    expect(await second).toBe(true);
    expect(kept(twin)).toMatchObject([
      { theme: 'dark', keepDays: 90 },
      { theme: 'dark', keepDays: 30 },
    ]);
    expect(choices.shown).toMatchObject({ theme: 'dark', keepDays: 30 });
  });

  it('that failed are gone, say why where they were made, and take no other with them', async () => {
    const { twin, told } = begin();
    const choices = new Choices(twin, told);
    twin.problems.set('setPreferences', { code: 'settings', message: 'read-only', fields: [] });
    const first = choices.keep('theme', (from) => ({ ...from, theme: 'dark' }));
    const second = choices.keep('keep', (from) => ({ ...from, keepDays: 30 }));
    expect(await first).toBe(false);
    expect(await second).toBe(true);
    expect(choices.shown).toMatchObject({ theme: 'system', keepDays: 30 });
    expect(choices.problem('theme')).toMatchObject({ message: 'read-only' });
    expect(choices.problem('keep')).toBeNull();
    expect(kept(twin)).toMatchObject([{ theme: 'dark' }, { theme: 'system', keepDays: 30 }]);
  });

  it('give way to what a snapshot says afterwards', async () => {
    const { twin, told, tell } = begin();
    const choices = new Choices(twin, told);
    await choices.keep('theme', (from) => ({ ...from, theme: 'dark' }));
    tell({ ...told(), theme: 'light' });
    expect(choices.shown.theme).toBe('light');
  });
});
