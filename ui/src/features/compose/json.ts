/**
 * One message, two ways to edit it: between the form's fields and the JSON object that leaves. What the
 * form has no field for goes along as it was written. Whether it may be sent is Rust's to say.
 */
import type { DraftBody } from '../../bindings/DraftBody';
import type { Translation } from '../../bindings/Translation';
import { membersOf } from './members';

/** The form's fields, as typed. */
export type Fields = Omit<Extract<DraftBody, { type: 'form' }>, 'type'>;

/** The texts of JSON that the form knows, by the names they have on the wire. */
const names = { type: 'kind', title: 'title', content: 'content', link: 'link' } as const;

export const noFields: Fields = {
  kind: '',
  title: '',
  content: '',
  link: '',
  urgent: false,
  translations: [],
  more: [],
};

/** The object as indented JSON, with the fields and in the order that Rust makes of the form. */
export function jsonFromFields(fields: Fields): string {
  const { kind, title, content, link, urgent, more } = fields;
  const i18n = languagesOf(fields.translations);
  const members: readonly (readonly [string, string])[] = [
    ...(kind === '' ? [] : [['type', quoted(kind)] as const]),
    ['title', quoted(title)],
    ['content', quoted(content)],
    ...(link === '' ? [] : [['link', quoted(link)] as const]),
    ['isUrgent', String(urgent)],
    ...(i18n === null ? [] : [['i18n', i18n] as const]),
    ...more.map(({ name, value }) => [name, value] as const),
  ];
  return `{\n${members.map(([name, value]) => `  ${quoted(name)}: ${value}`).join(',\n')}\n}`;
}

/** Why a JSON text can't be shown in the form; `field` is the one it fails at. */
export type Obstacle =
  { readonly why: 'not_object' } | { readonly why: 'other_type' | 'twice'; readonly field: string };

/** The form's fields from JSON, or what stands in the way of it. Nothing is ever dropped. */
export function fieldsFromJson(text: string): Fields | Obstacle {
  if (text.trim() === '') return noFields;
  const members = membersOf(text);
  if (members === null) return { why: 'not_object' };
  const fields: Fields = { ...noFields, translations: [], more: [] };
  const seen = new Set<string>();
  for (const member of members) {
    const { name } = member;
    const value: unknown = JSON.parse(member.value);
    const isOurs = Object.hasOwn(names, name) || name === 'isUrgent' || name === 'i18n';
    if (isOurs && seen.has(name)) return { why: 'twice', field: name };
    seen.add(name);
    if (!isOurs) {
      fields.more.push(member);
    } else if (name === 'isUrgent') {
      if (typeof value !== 'boolean') return { why: 'other_type', field: name };
      fields.urgent = value;
    } else if (name === 'i18n') {
      const translations = translationsOf(value);
      if (translations === null) return { why: 'other_type', field: name };
      fields.translations = translations;
    } else {
      if (typeof value !== 'string') return { why: 'other_type', field: name };
      fields[names[name as keyof typeof names]] = value;
    }
  }
  return fields;
}

/** What is said in other languages, as JSON; `null` where nothing is. */
function languagesOf(translations: readonly Translation[]): string | null {
  const said = translations.flatMap(({ language, title, content }) => {
    const words = {
      ...(title === '' ? {} : { title }),
      ...(content === '' ? {} : { content }),
    };
    return Object.keys(words).length === 0 ? [] : [[language, words] as const];
  });
  if (said.length === 0) return null;
  return JSON.stringify(Object.fromEntries(said), null, 2).replaceAll('\n', '\n  ');
}

/** The same in the form's fields; `null` where there is more to it than they can show. */
function translationsOf(i18n: unknown): Translation[] | null {
  if (!isRecord(i18n)) return null;
  const translations: Translation[] = [];
  for (const [language, words] of Object.entries(i18n)) {
    if (!isRecord(words)) return null;
    const { title = '', content = '', ...rest } = words;
    if (typeof title !== 'string' || typeof content !== 'string') return null;
    if (Object.keys(rest).length > 0) return null;
    translations.push({ language, title, content });
  }
  return translations;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
