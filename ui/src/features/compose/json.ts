/**
 * One message, two ways to edit it: between the form's fields and the JSON object that leaves.
 * Whether it may be sent is Rust's to say.
 */
import type { DraftBody } from '../../bindings/DraftBody';

/** The form's fields, as typed. */
export type Fields = Omit<Extract<DraftBody, { type: 'form' }>, 'type'>;

/** The fields of JSON that the form knows, by the names they have on the wire. */
const names = { type: 'kind', title: 'title', content: 'content', link: 'link' } as const;

export const noFields: Fields = { kind: '', title: '', content: '', link: '', urgent: false };

/** The object as indented JSON, with the fields and in the order that Rust makes of the form. */
export function jsonFromFields({ kind, title, content, link, urgent }: Fields): string {
  const message = {
    ...(kind === '' ? {} : { type: kind }),
    title,
    content,
    ...(link === '' ? {} : { link }),
    isUrgent: urgent,
  };
  return JSON.stringify(message, null, 2);
}

/** Why a JSON text can't be shown in the form; `field` is the one it fails at. */
export type Obstacle =
  | { readonly why: 'not_object' }
  | { readonly why: 'unknown_field' | 'other_type'; readonly field: string };

/** The form's fields from JSON, or what stands in the way of it. Nothing is ever dropped. */
export function fieldsFromJson(text: string): Fields | Obstacle {
  if (text.trim() === '') return noFields;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { why: 'not_object' };
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return { why: 'not_object' };
  const fields = { ...noFields };
  for (const [wire, value] of Object.entries(message)) {
    if (wire === 'isUrgent') {
      if (typeof value !== 'boolean') return { why: 'other_type', field: wire };
      fields.urgent = value;
    } else if (Object.hasOwn(names, wire)) {
      if (typeof value !== 'string') return { why: 'other_type', field: wire };
      fields[names[wire as keyof typeof names]] = value;
    } else {
      return { why: 'unknown_field', field: wire };
    }
  }
  return fields;
}
