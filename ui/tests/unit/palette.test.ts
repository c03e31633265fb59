import { describe, expect, it } from 'vitest';
import { entriesOf, neighbourOf } from '../../src/features/palette/entries';
import { matching } from '../../src/features/palette/matching';
import { connectionCommands } from '../../src/features/connection/commands';
import { settingsCommands } from '../../src/features/settings/commands';
import { Twin } from '../../src/backend/memory/twin';
import { nameIn } from '../../src/lib/commands';

const twin = new Twin({ account: true, alerts: 1, language: 'en', theme: 'system' });
const commands = [
  ...connectionCommands({
    backend: twin,
    status: twin.snapshot.status,
    snoozedUntilMs: null,
    disconnect: () => undefined,
  }),
  ...settingsCommands({
    backend: twin,
    preferences: twin.snapshot.preferences,
    show: () => undefined,
  }),
];

const first = (text: string, language = 'en'): string | undefined => {
  const [match] = matching(commands, text, language);
  return match && nameIn('en', match.command);
};

describe('the letters of the palette', () => {
  it.each([
    ['snooze', 'Snooze: 30 minutes'],
    ['暫停', 'Snooze: 30 minutes'],
    ['sut', 'Snooze: Until tomorrow 08:00'],
    ['暫明', 'Snooze: Until tomorrow 08:00'],
    ['dark', 'Theme: Dark'],
    ['DARK theme', 'Theme: Dark'],
    ['深色', 'Theme: Dark'],
    ['quiet', 'Quiet hours'],
    ['重連', 'Reconnect'],
    ['中文', 'Language: 繁體中文'],
  ])('%s means %s, whichever language is spoken', (text, name) => {
    expect(first(text)).toBe(name);
    expect(first(text, 'zh-TW')).toBe(name);
  });

  it.each(['moon', 'xyz', '燈籠'])('%s means nothing', (text) => {
    expect(first(text)).toBeUndefined();
  });

  it('are marked in the name that is shown, and in no other', () => {
    const hits = (language: string) =>
      matching(commands, 'dark', language)[0]?.pieces.filter(({ hit }) => hit);
    expect(hits('en')?.map(({ text }) => text)).toEqual(['Dark']);
    expect(hits('zh-TW')).toEqual([]);
  });

  it('leave out what is one of many, where there are none', () => {
    const offered = matching(commands, ' ', 'en').map(({ command }) => nameIn('en', command));
    expect(offered).toContain('Diagnostics');
    expect(offered).not.toContain('Quiet hours');
  });
});

describe('the entries of the palette', () => {
  it('each have an id of their own', () => {
    const ids = entriesOf(commands, [], '', 'en').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('end with a search for the letters, and go round', () => {
    const entries = entriesOf(commands, [], 'quiet', 'en');
    expect(entries.at(-1)).toEqual({ id: 'search', kind: 'search', text: 'quiet' });
    expect(neighbourOf(entries, entries[0], -1)?.id).toBe('search');
    expect(neighbourOf(entries, entries.at(-1), 1)).toBe(entries[0]);
    expect(neighbourOf([], undefined, 1)).toBeUndefined();
  });
});
