/** Quiet hours as they are typed and said. Pure: the language is an argument. */
import type { Language } from '../../bindings/Language';
import type { QuietHours } from '../../bindings/QuietHours';
import { localeOf, translate, type MessageKey } from '../../i18n/catalogue';

const DAY = 24 * 60;
/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Minutes since midnight as a clock shows them: 08:00. */
export function clockText(minutes: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const within = ((minutes % DAY) + DAY) % DAY;
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`;
}

/**
 * Minutes since midnight of what was typed, or `null` where it is no time: 22:30, 22.30, 2230, 22 and
 * full-width digits are understood.
 */
export function minutesOf(text: string): number | null {
  const found = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.normalize('NFKC').trim());
  if (found === null) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

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
