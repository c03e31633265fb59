/**
 * The twin's small copy of the rules that Rust checks: enough of them to see every kind of error on
 * the page. Rust's own rules stay the truth.
 */
import type { AccountForm } from '../../bindings/AccountForm';
import type { Draft } from '../../bindings/Draft';
import type { DraftCheck } from '../../bindings/DraftCheck';
import type { FieldError } from '../../bindings/FieldError';
import type { FormField } from '../../bindings/FormField';
import type { FormRule } from '../../bindings/FormRule';
import { categoryOf } from './market';

const wrong = (field: FormField, rule: FormRule, message: string): FieldError => ({
  field,
  rule,
  message,
  line: null,
  column: null,
});

const digits = /^\d{1,19}$/;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What is wrong with an account form. */
export function checkAccount(form: AccountForm): FieldError[] {
  return [...checkUrl('base_url', form.baseUrl.trim()), ...checkIdentity(form)];
}

/** What is wrong with the market's web site; `null` is the default. */
export function checkWebSite(site: string | null): FieldError[] {
  return site === null ? [] : checkUrl('web_site', site);
}

function checkUrl(field: FormField, text: string): FieldError[] {
  if (text === '') return [wrong(field, 'required', 'The base URL is required.')];
  if (!URL.canParse(text)) return [wrong(field, 'not_a_url', 'This is not a URL.')];
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return [wrong(field, 'scheme', 'The scheme must be https.')];
  if (url.protocol === 'http:' && !loopback.has(url.hostname))
    return [wrong(field, 'http_needs_loopback', 'http is for this computer only.')];
  if (url.search !== '' || url.hash !== '')
    return [wrong(field, 'query_or_fragment', 'No query and no fragment, please.')];
  return [];
}

function checkIdentity(form: AccountForm): FieldError[] {
  if (form.clientId !== null)
    return form.clientId === '' ? [wrong('client_id', 'required', 'A client id is required.')] : [];
  if (!form.userId) return [wrong('user_id', 'required', 'A user id is required.')];
  return digits.test(form.userId) ? [] : [wrong('user_id', 'malformed', 'Digits only.')];
}

/** What is wrong with a draft, what leaves, and how it will look. */
export function checkDraft(draft: Draft): DraftCheck {
  const errors = draft.to.type === 'user' ? checkRecipient(draft.to.userId) : [];
  const body = draft.body.type === 'form' ? checkForm(draft.body) : checkJson(draft.body.text);
  errors.push(...body.errors);
  if (errors.length > 0 || body.message === null) return { errors, json: null, preview: null };
  const { type, title, content, link, isUrgent } = body.message;
  return {
    errors,
    json: JSON.stringify(body.message, null, 2),
    preview: {
      category: categoryOf(String(type ?? '')),
      title: String(title ?? type ?? '—'),
      content: String(content ?? ''),
      urgent: isUrgent === true,
      linkHost: linkHost(link),
    },
  };
}

interface CheckedBody {
  errors: FieldError[];
  message: Record<string, unknown> | null;
}

function checkRecipient(userId: string): FieldError[] {
  if (userId === '') return [wrong('user_id', 'required', 'A user id is required.')];
  return digits.test(userId) ? [] : [wrong('user_id', 'malformed', 'Digits only.')];
}

function checkForm(form: Extract<Draft['body'], { type: 'form' }>): CheckedBody {
  const errors: FieldError[] = [];
  if (form.kind !== '' && !/^[A-Z0-9_]{1,64}$/.test(form.kind))
    errors.push(wrong('kind', 'kind', 'Capital letters, digits and _.'));
  if (form.title.trim() === '') errors.push(wrong('title', 'required', 'A title is required.'));
  if (form.title.length > 100) errors.push(wrong('title', 'too_long', 'At most 100.'));
  if (form.content.length > 1000) errors.push(wrong('content', 'too_long', 'At most 1,000.'));
  if (form.link !== '' && !/^(\/(?!\/)|https:\/\/[^\s/]+)/.test(form.link))
    errors.push(wrong('link', 'link', 'A path or an https URL.'));
  const { kind, link, urgent: isUrgent, title, content } = form;
  const message = {
    ...(kind === '' ? {} : { type: kind }),
    title,
    content,
    ...(link === '' ? {} : { link }),
    isUrgent,
  };
  return { errors, message };
}

function checkJson(text: string): CheckedBody {
  if (text.trim() === '')
    return { errors: [wrong('json', 'required', 'JSON is required.')], message: null };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { errors: [], message: value as Record<string, unknown> };
    return { errors: [wrong('json', 'json_not_object', 'Not an object.')], message: null };
  } catch (error) {
    const found = /line (\d+) column (\d+)/.exec(String(error));
    const at = { line: Number(found?.[1] ?? 1), column: Number(found?.[2] ?? 1) };
    return { errors: [{ ...wrong('json', 'json_syntax', String(error)), ...at }], message: null };
  }
}

function linkHost(link: unknown): string | null {
  if (typeof link !== 'string' || link === '') return null;
  return link.startsWith('/') ? 'agoramarket.example' : new URL(link).host;
}
