/**
 * The catalogues' pure part: which languages there are, looking a text up, choosing its plural, filling its
 * placeholders.
 *
 * The files in `messages/` also serve the tray and the toasts; the page reads the same ones. A file more
 * there is a language more, with nothing to be said of it here.
 */
import type { Language } from '../bindings/Language';
import type messages from '../../messages/en.json';

/** A section of a catalogue: texts, and sections within. Lists of texts are Rust's alone. */
export interface Section {
  readonly [name: string]: string | readonly string[] | Section;
}

type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string
    ? `${Prefix}${K}`
    : T[K] extends readonly string[]
      ? never
      : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

type Plural<K extends string> = K extends `${infer Base}_one` ? Base : never;
type Plurals = Plural<Leaves<typeof messages>>;

/** Every text of the English catalogue by its dotted path; plural forms go by their common name. */
export type MessageKey =
  Exclude<Leaves<typeof messages>, `${Plurals}_${'one' | 'other'}`> | Plurals;

/** What fills the placeholders. `count` chooses the plural form too. */
export type Values = Readonly<Record<string, string | number>>;

/** The language that stands in for a text that another hasn't. */
const ENGLISH: Language = 'en';

const files = import.meta.glob<Section>('../../messages/*.json', {
  eager: true,
  import: 'default',
});

/** Every catalogue by its language's tag, which is its file's name; English first. */
export const catalogues: Readonly<Record<Language, Section>> = Object.fromEntries(
  [...Object.entries(files), ...Object.entries(FURTHER_MESSAGES)]
    .map(([file, catalogue]) => [file.replace(/^.*\/|\.json$/g, ''), catalogue] as const)
    .sort(([one], [other]) =>
      one === ENGLISH ? -1 : other === ENGLISH ? 1 : one < other ? -1 : 1,
    ),
);

const plurals = new Map<Language, Intl.PluralRules>();

/** The locale by which a language writes dates, numbers and lists. */
export function localeOf(language: Language): string {
  return lookUp(language, 'language.locale') ?? language;
}

/**
 * The first language that there is a catalogue for, of locales in the order of a person's liking: the one
 * that answers to most of a locale's parts. English, where there is none.
 */
export function languageOf(locales: readonly string[]): Language {
  for (const locale of locales) {
    for (let parts = locale.split('-'); parts.length > 0; parts = parts.slice(0, -1)) {
      const wanted = parts.join('-').toLowerCase();
      const found = Object.entries(catalogues).find(([, { language }]) => {
        const answers = typeof language === 'object' && 'answers' in language && language.answers;
        return (
          Array.isArray(answers) && answers.some((one) => String(one).toLowerCase() === wanted)
        );
      });
      if (found !== undefined) return found[0];
    }
  }
  return ENGLISH;
}

/** The text at a dotted path, in English where the language has none, or `undefined`. */
export function lookUp(language: Language, path: string): string | undefined {
  return own(language, path) ?? own(ENGLISH, path);
}

function own(language: Language, path: string): string | undefined {
  let here: Section[string] | undefined = catalogues[language];
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || !Object.hasOwn(here, name)) return undefined;
    here = (here as Section)[name];
  }
  return typeof here === 'string' ? here : undefined;
}

/** What a language says of so many, where it says it. */
function counted(language: Language, key: string, count: Values[string] | undefined) {
  if (typeof count !== 'number') return own(language, key);
  const rules = plurals.get(language) ?? new Intl.PluralRules(localeOf(language));
  plurals.set(language, rules);
  const form = own(language, `${key}_${rules.select(count)}`);
  return form ?? own(language, `${key}_other`) ?? own(language, key);
}

/**
 * The text for a code, which a key is made of. Every code has one; where the program is newer than
 * the page, it may know more of them.
 */
export function translateCode(
  language: Language,
  key: MessageKey,
  unknown: MessageKey,
  values: Values = {},
): string {
  return translate(language, lookUp(language, key) === undefined ? unknown : key, values);
}

/** The text for `key` with its placeholders filled. A placeholder without a value stays visible. */
export function translate(language: Language, key: MessageKey, values: Values = {}): string {
  const { count } = values;
  const text = counted(language, key, count) ?? counted(ENGLISH, key, count) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string, at: number) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (typeof value === 'number') return value.toLocaleString(localeOf(language));
    return apart(text.slice(0, at), value, text.slice(at + whole.length));
  });
}

/**
 * A name in Latin letters, with a space between it and the Chinese beside it: a sentence can't have that by
 * itself. With a number a sentence says by itself how it is spaced. As Rust fills the same texts.
 */
function apart(before: string, value: string, after: string): string {
  if (!/[A-Za-z\u00C0-\u024F]/.test(value)) return value;
  const first = /^[\dA-Za-z\u00C0-\u024F]/.test(value) && HAN_LAST.test(before) ? ' ' : '';
  const last = /[\dA-Za-z\u00C0-\u024F]$/.test(value) && HAN_FIRST.test(after) ? ' ' : '';
  return first + value + last;
}

const HAN_FIRST = /^[\u3400-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/u;
const HAN_LAST = /[\u3400-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}]$/u;
