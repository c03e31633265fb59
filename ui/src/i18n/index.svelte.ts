/**
 * The language the page speaks, and its texts. Rust chooses the language (it resolves "system");
 * the snapshot brings it here.
 */
import type { Category } from '../bindings/Category';
import type { FieldError } from '../bindings/FieldError';
import type { Language } from '../bindings/Language';
import type { MutedCount } from '../bindings/MutedCount';
import type { Problem } from '../bindings/Problem';
import type { ProblemCode } from '../bindings/ProblemCode';
import type { ReasonView } from '../bindings/ReasonView';
import { lookUp, translate, translateCode, type MessageKey, type Values } from './catalogue';

let current = $state<Language>('en');

/** The language of every text on the page. */
export function language(): Language {
  return current;
}

/** Switches the page, and says so to screen readers and to font selection. */
export function speak(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

/** The text for `key` in the current language. */
export function t(key: MessageKey, values?: Values): string {
  return translate(current, key, values);
}

/** The text for a code; `unknown` where the program is newer than the page and has more of them. */
export function tCode(key: MessageKey, unknown: MessageKey, values?: Values): string {
  return translateCode(current, key, unknown, values);
}

/** A category's name. */
export function categoryName(category: Category): string {
  return t(`category.${category}`);
}

/** The human name of an event's kind; the kind itself where the catalogue doesn't know it. */
export function kindName(kind: string): string {
  return lookUp(current, `kind.${kind}.name`) ?? kind;
}

/** Why there is no connection, in one sentence. */
export function reasonText(reason: ReasonView): string {
  return tCode(`reason.${reason.code}`, 'reason.unknown');
}

/** What a person can do about a reason, where there is something to do. */
export function knownAdvice(reason: ReasonView): string | undefined {
  return lookUp(current, `advice.${reason.code}`);
}

/** What a person can do about a reason that waiting doesn't cure. */
export function adviceText(reason: ReasonView): string {
  return knownAdvice(reason) ?? t('advice.unknown');
}

/** How many alerts a rule mutes, and which. */
export function mutedText({ code, count }: MutedCount): string {
  return tCode(`muted.${code}`, 'muted.other', { count });
}

/** What is wrong with a field: worded for the field, else for the rule, else in Rust's English. */
export function ruleText(error: FieldError): string {
  const rule: MessageKey = `rule.${error.rule}`;
  return (
    lookUp(current, `rule.${error.field}.${error.rule}`) ?? lookUp(current, rule) ?? error.message
  );
}

/** Problems whose code alone says too little: the system's own words follow. */
const vague: ReadonlySet<ProblemCode> = new Set([
  'inbox',
  'export',
  'settings',
  'internal',
  'account_locked',
  'no_answer',
]);

/** Why a command failed. */
export function problemText(problem: Problem): string {
  const key: MessageKey = `problem.${problem.code}`;
  const text = lookUp(current, key);
  if (text === undefined) return problem.message || t('problem.unknown');
  const { code, message } = problem;
  if (code === 'too_many_tries' && message) {
    return t('problem.too_many_tries_wait', { seconds: message });
  }
  return vague.has(code) && message ? t('problem.withDetail', { text, detail: message }) : text;
}
