/**
 * The catalogue's pure part: looking a text up, choosing its plural, filling its placeholders.
 *
 * The files in `messages/` also serve the tray and the toasts; the page reads the same ones.
 */
import type { Language } from '../bindings/Language';
import en from '../../messages/en.json';
import zhTW from '../../messages/zh-TW.json';

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
type Plurals = Plural<Leaves<typeof en>>;

/** Every text of the English catalogue by its dotted path; plural forms go by their common name. */
export type MessageKey = Exclude<Leaves<typeof en>, `${Plurals}_${'one' | 'other'}`> | Plurals;

/** What fills the placeholders. `count` chooses the plural form too. */
export type Values = Readonly<Record<string, string | number>>;

export const catalogues: Readonly<Record<Language, Section>> = { en, 'zh-TW': zhTW };

const plurals: Readonly<Record<Language, Intl.PluralRules>> = {
  en: new Intl.PluralRules('en'),
  'zh-TW': new Intl.PluralRules('zh-TW'),
};

/** The text at a dotted path, or `undefined` where there is none. */
export function lookUp(language: Language, path: string): string | undefined {
  let here: Section[string] | undefined = catalogues[language];
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || !Object.hasOwn(here, name)) return undefined;
    here = (here as Section)[name];
  }
  return typeof here === 'string' ? here : undefined;
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
  const plural =
    typeof count === 'number'
      ? lookUp(language, `${key}_${plurals[language].select(count)}`)
      : undefined;
  const text = plural ?? lookUp(language, key) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}
