import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  catalogues,
  languageOf,
  lookUp,
  translate,
  translateCode,
  type MessageKey,
  type Section,
} from '../../src/i18n/catalogue';
import {
  ago,
  clockTime,
  countdown,
  dayTitle,
  duration,
  fullDay,
  fullDayShort,
  fullTime,
  shortMoment,
} from '../../src/i18n/time';

type Leaf = string | readonly string[];

/** Every text by its path. */
function leaves(section: Section, prefix = ''): [string, Leaf][] {
  return Object.entries(section).flatMap(([name, value]): [string, Leaf][] =>
    typeof value === 'string' || Array.isArray(value)
      ? [[prefix + name, value as Leaf]]
      : leaves(value as Section, `${prefix}${name}.`),
  );
}

const placeholders = (text: Leaf): string[] =>
  [
    ...new Set(
      [text]
        .flat()
        .join(' ')
        .match(/\{\w+\}/g) ?? [],
    ),
  ].sort();

const english = catalogues['en'] as Section;

/** A form of a counted text, by its CLDR name. */
const FORM = /_(zero|one|two|few|many|other)$/;

/** What is wrong with a language's catalogue, measured by the English one, and what to do about it. */
function faultsOf(language: string, catalogue: Section): string[] {
  const file = `messages/${language}.json`;
  const en = new Map(leaves(english));
  const own = new Map(leaves(catalogue));
  const locale = String(own.get('language.locale'));
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const counted = new Set([...en.keys()].filter((key) => key.endsWith('_one')).map(baseOf));
  // A text that has a count may have forms in a language that needs them, also where English needs none.
  const countable = [...en]
    .filter(([, text]) => /\{count\}/.test([text].flat().join()))
    .map(([key]) => baseOf(key));
  const formed = new Set(
    countable.filter((base) => forms.some((form) => own.has(`${base}_${form}`))),
  );
  const wanted = new Set(
    [...en.keys()].flatMap((key) => {
      const base = baseOf(key);
      const inForms = (FORM.test(key) && counted.has(base)) || formed.has(base);
      return inForms ? forms.map((form) => `${base}_${form}`) : [key];
    }),
  );
  /** The English text that a text of this key has to fit. */
  const model = (key: string): Leaf =>
    en.get(key) ?? en.get(`${baseOf(key)}_other`) ?? en.get(baseOf(key)) ?? '';
  /** What a text has to say. A form for one number may leave the number out: "One field is wrong". */
  const used = (key: string, text: Leaf): string[] =>
    placeholders(text).filter(
      (name) => name !== '{count}' || !FORM.test(key) || key.endsWith('_other'),
    );
  const isEmpty = (text: Leaf): boolean =>
    text.length === 0 || [text].flat().some((each) => each.trim() === '');
  // What parts the digits may well be a space.
  const { group, decimal } = partsOf(locale);
  const digits = [
    ['value.group', group],
    ['value.point', decimal],
  ] as const;
  return [
    ...[...wanted]
      .filter((key) => !own.has(key))
      .map((key) => `${key} is missing: write it into ${file}`),
    ...[...own.keys()]
      .filter((key) => !wanted.has(key))
      .map((key) => `${key} is in no other language: take it out of ${file}`),
    ...[...own]
      .filter(([key]) => wanted.has(key))
      .filter(([key, text]) => used(key, text).join() !== used(key, model(key)).join())
      .map(([key]) => `${key} in ${file} must use ${placeholders(model(key)).join(' ') || 'none'}`),
    ...[...own]
      .filter(([key, text]) => key !== 'value.group' && isEmpty(text))
      .map(([key]) => `${key} in ${file} is empty: write it`),
    ...digits
      .filter(([key, part]) => own.has(key) && own.get(key) !== part)
      .map(([key, part]) => `${key} in ${file} must be ${JSON.stringify(part)}, as in ${locale}`),
    ...(own.get('time.months')?.length === 12 ? [] : [`time.months in ${file} must be twelve`]),
  ];
}

function baseOf(key: string): string {
  return key.replace(FORM, '');
}

/** What a locale writes between digits. */
function partsOf(locale: string): { group: string; decimal: string } {
  const parts = new Intl.NumberFormat(locale, { useGrouping: 'always' }).formatToParts(1_234.5);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return { group: part('group'), decimal: part('decimal') };
}

/** All that is written in the page and in the programs. */
function sources(): string {
  const root = new URL('../../../', import.meta.url).pathname;
  const folders = ['ui/src', 'src-tauri/src', 'src-tauri/crates'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|svelte|rs)$/.test(file) && !/bindings|tests?\//.test(file))
      .map((file) => join(root, folder, file)),
  );
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

describe('every text', () => {
  it('is used: by its whole path, or by a path whose end is made', () => {
    const written = sources();
    const exact = new Set(written.match(/(?<=['"`])[\w-]+(?:\.[\w-]+)+(?=['"`])/g));
    const made = new Set(written.match(/(?<=['"`])[\w-]+(?:\.[\w-]+)*\.(?=\$?\{)/g));
    const isUsed = (path: string): boolean => {
      const whole = path.replace(/_(zero|one|two|few|many|other)$/, '');
      // Of a toast of the app's own the section is named, and title and body are its texts.
      const section = whole.replace(/\.(title|body)$/, '');
      return (
        [path, whole, section].some((named) => exact.has(named)) ||
        [...made].some((start) => whole.startsWith(start))
      );
    };
    const unused = leaves(english)
      .map(([path]) => path)
      // The head is what the build reads of a catalogue.
      .filter((path) => !path.startsWith('language.') && !isUsed(path));
    expect(unused, 'take these out of ui/messages, or use them').toEqual([]);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min 0 s'],
    [299_000, '4 min 59 s'],
    [300_000, '5 min'],
    [3_599_000, '59 min'],
    [3_600_000, '1 h 0 min'],
    [86_400_000, '24 h 0 min'],
  ])('of %i ms is %s', (ms, text) => {
    expect(duration('en', ms)).toBe(text);
  });
});

describe('the catalogues', () => {
  it.each(Object.entries(catalogues))('%s is whole', (language, catalogue) => {
    expect(faultsOf(language, catalogue)).toEqual([]);
  });

  it('are whole where a language counts in four forms', () => {
    const folder = mkdtempSync(join(tmpdir(), 'agora-made-up-'));
    const maker = new URL('../made-up.mjs', import.meta.url).pathname;
    execFileSync('node', [maker, folder]);
    const made = JSON.parse(readFileSync(join(folder, 'qaa.json'), 'utf8')) as Section;
    rmSync(folder, { recursive: true });
    expect(faultsOf('qaa', made)).toEqual([]);
    const nav = Object.fromEntries(
      Object.entries(made['nav'] as Section).filter(([name]) => name !== 'unread_two'),
    );
    expect(faultsOf('qaa', { ...made, nav })).toEqual([
      'nav.unread_two is missing: write it into messages/qaa.json',
    ]);
  });

  it('want every plural form that a language has', () => {
    // Arabic has six, of which English has two.
    const arabic = { ...english, language: { ...(english['language'] as Section), locale: 'ar' } };
    const missing = faultsOf('ar', arabic).filter((fault) => fault.startsWith('nav.unread'));
    expect(missing).toEqual(
      ['few', 'many', 'two', 'zero'].map((form) =>
        expect.stringContaining(`nav.unread_${form} is`),
      ),
    );
  });

  it('want no form that a language has not, and take those of texts that English counts not', () => {
    const toast = english['toast'] as Section;
    const more = {
      ...toast,
      category_one: '{count} {category}',
      category_other: '{count} {category}',
    };
    const formed = Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'category'));
    expect(faultsOf('en', { ...english, toast: formed })).toEqual([]);
    const chinese = catalogues['zh-TW'] as Section;
    const nav = { ...(chinese['nav'] as Section), unread_one: '{count} 則未讀' };
    expect(faultsOf('zh-TW', { ...chinese, nav })).toEqual([
      'nav.unread_one is in no other language: take it out of messages/zh-TW.json',
    ]);
  });

  it('say what to do about a text that is missing, unknown, empty or unfit', () => {
    const nav = english['nav'] as Section;
    const { label: _, ...rest } = nav;
    const broken = { ...english, nav: { ...rest, user: 'User', inbox: ' ', more: 'More' } };
    expect(faultsOf('en', broken)).toEqual([
      'nav.label is missing: write it into messages/en.json',
      'nav.more is in no other language: take it out of messages/en.json',
      'nav.user in messages/en.json must use {id}',
      'nav.inbox in messages/en.json is empty: write it',
    ]);
  });
});

describe('translate', () => {
  it('chooses the plural form and fills placeholders', () => {
    expect(translate('en', 'inbox.new', { count: 1 })).toBe('1 new alert');
    expect(translate('en', 'inbox.new', { count: 3 })).toBe('3 new alerts');
    expect(translate('zh-TW', 'inbox.new', { count: 3 })).toBe('3 則新通知');
  });

  it('leaves a placeholder without a value visible', () => {
    expect(translate('en', 'nav.user')).toBe('User {id}');
  });

  it('says in English what a language has not, in the forms that English has', () => {
    expect(translate('tlh', 'inbox.new', { count: 1 })).toBe('1 new alert');
    expect(lookUp('tlh', 'category.orders')).toBe('Orders');
  });

  it('finds nothing in what every object has', () => {
    expect(lookUp('en', 'reason.constructor')).toBeUndefined();
    expect(lookUp('en', 'reason.nonsense')).toBeUndefined();
  });
});

describe('a value in a sentence', () => {
  it.each([
    ['Lin', 'Lin 後重新連線'],
    ['lin88', 'lin88 後重新連線'],
    ['林', '林後重新連線'],
    ['Lin林', 'Lin林後重新連線'],
    ['24', '24後重新連線'],
  ])('%s is apart from Chinese where it is a Latin name', (duration, said) => {
    expect(translate('zh-TW', 'connection.waiting', { duration })).toBe(said);
  });
});

describe('the language of a locale', () => {
  it.each([
    [['zh-Hant-HK'], 'zh-TW'],
    [['yue'], 'zh-TW'],
    [['de-AT', 'zh-CN'], 'zh-TW'],
    [['de', 'en-US', 'zh'], 'en'],
    [['zha'], 'en'],
    [[], 'en'],
  ])('%j is %s', (locales, language) => {
    expect(languageOf(locales)).toBe(language);
  });
});

describe('the text for a code', () => {
  it('is its own, or what is said of all that the page does not know', () => {
    expect(translateCode('en', 'link.scheme', 'link.unknown')).toContain('https');
    for (const [code, unknown] of [
      ['reason.moon_phase', 'reason.unknown'],
      ['notice.moon_phase.title', 'notice.unknown.title'],
      ['muted.moon_phase', 'muted.other'],
      ['test.moon_phase', 'test.somewhere'],
    ] as const) {
      const key = code as MessageKey;
      expect(translateCode('zh-TW', key, unknown)).toBe(translate('zh-TW', unknown));
    }
  });
});

describe('times', () => {
  const moment = new Date(2026, 10, 23, 14, 3, 21).getTime();

  it('are on 24 hours', () => {
    expect(clockTime('en', moment)).toBe('14:03');
    expect(clockTime('zh-TW', new Date(2026, 10, 23, 0, 5).getTime())).toBe('00:05');
  });

  it('are given in full with weekday and seconds', () => {
    const nextYear = new Date(2027, 0, 1).getTime();
    expect(fullDay('en', moment)).toBe('Monday 23 November 2026,');
    expect(fullDayShort('en', moment, moment)).toBe('Mon 23 Nov,');
    expect(fullDayShort('en', moment, nextYear)).toBe('Mon 23 Nov 2026,');
    expect(fullTime('en', moment)).toBe('14:03:21');
    expect(fullDay('zh-TW', moment)).toBe('2026年11月23日 星期一');
    expect(fullDayShort('zh-TW', moment, moment)).toBe('11月23日 週一');
    expect(fullDayShort('zh-TW', moment, nextYear)).toBe('2026年11月23日 週一');
    expect(fullTime('zh-TW', moment)).toBe('14:03:21');
  });

  it('name the day of a moment only where it is another one', () => {
    const today = new Date(2026, 10, 23).getTime();
    expect(shortMoment('en', moment, today)).toBe('14:03');
    expect(shortMoment('en', today - 1, today)).toBe('22 Nov 23:59');
    expect(shortMoment('zh-TW', today - 1, today)).toBe('11月22日 23:59');
  });

  it('name the year of a day only where it is another one', () => {
    const day = new Date(2025, 0, 2).getTime();
    expect(dayTitle('en', day, moment)).toContain('2025');
    expect(dayTitle('zh-TW', day, moment)).toMatch(/^2025年\d+月\d+日 星期.$/);
    expect(dayTitle('en', new Date(2026, 0, 2).getTime(), moment)).not.toContain('2026');
  });
});

describe('countdown', () => {
  it('rounds up, so that it never says 0 s while there is time left', () => {
    expect(countdown('en', 8_000, 0)).toBe('8 s');
    expect(countdown('en', 7_001, 0)).toBe('8 s');
    expect(countdown('en', 1, 0)).toBe('1 s');
    expect(countdown('zh-TW', 8_000, 0)).toBe('8 秒');
  });

  it('ends', () => {
    expect(countdown('en', 0, 0)).toBeNull();
    expect(countdown('en', 0, 5_000)).toBeNull();
  });

  it('counts long waits in minutes', () => {
    expect(countdown('en', 150_000, 0)).toBe('2 min 30 s');
  });
});

describe('ago', () => {
  it('goes from seconds to hours', () => {
    expect(ago('en', 0, 12_000)).toBe('12 s ago');
    expect(ago('en', 0, 61_000)).toBe('1 min ago');
    expect(ago('en', 0, 7_300_000)).toBe('2 h ago');
  });

  it('is now for a moment that is ahead', () => {
    expect(ago('en', 5_000, 0)).toBe('just now');
  });
});
