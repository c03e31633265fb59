/** Quiet hours as they are typed and said. Pure: the language is an argument. */
import type { Language } from '../../bindings/Language';
import type { QuietHours } from '../../bindings/QuietHours';
import { localeOf, translate, type MessageKey } from '../../i18n/catalogue';
import { clockText } from '../../lib/day-time';

/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** The days' names, Monday first. */
export function weekdays(language: Language, length: 'short' | 'long' | 'narrow'): string[] {
  const format = new Intl.DateTimeFormat(localeOf(language), { weekday: length, timeZone: 'UTC' });
  return [0, 1, 2, 3, 4, 5, 6].map((day) => format.format(MONDAY + day * DAY_MS));
}

/** The same as briefly as they can be told apart: 一, 二, 三, and in English Mon, Tue, Wed. */
export function briefWeekdays(language: Language): string[] {
  const narrow = weekdays(language, 'narrow');
  return new Set(narrow).size === narrow.length ? narrow : weekdays(language, 'short');
}

/** Whether they end on the day after the one they begin on. */
export function isOverMidnight({ from, to }: QuietHours): boolean {
  return to <= from;
}

/** When it is quiet, in a sentence. */
export function quietText(language: Language, quiet: QuietHours): string {
  const say = (key: MessageKey, values = {}): string => translate(language, key, values);
  const count = quiet.days.filter(Boolean).length;
  if (count === 0) return say('alerts.quietNever');
  if (count === 7 && quiet.from === quiet.to) return say('alerts.quietAlways');
  return say(isOverMidnight(quiet) ? 'alerts.quietOver' : 'alerts.quietWithin', {
    days: daysText(language, quiet.days),
    from: clockText(quiet.from),
    to: clockText(quiet.to),
  });
}

function daysText(language: Language, days: readonly boolean[]): string {
  switch (days.map(Number).join('')) {
    case '1111111':
      return translate(language, 'alerts.everyDay');
    case '1111100':
      return translate(language, 'alerts.weekdays');
    case '0000011':
      return translate(language, 'alerts.weekend');
  }
  const names = weekdays(language, days.filter(Boolean).length === 1 ? 'long' : 'short');
  return new Intl.ListFormat(localeOf(language)).format(names.filter((_, day) => days[day]));
}
