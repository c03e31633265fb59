/** Snoozing toasts: for how long one can, and until when it lasts, in words. Pure. */
import type { Language } from '../bindings/Language';
import type { SnoozeChoice } from '../bindings/SnoozeChoice';
import { translate, type MessageKey } from '../i18n/catalogue';
import { clockTime } from '../i18n/time';
import { midnightOf } from './days';

/** For how long, and how that is called. */
export const snoozeChoices: readonly { choice: SnoozeChoice; label: MessageKey }[] = [
  { choice: 'half_hour', label: 'snooze.halfHour' },
  { choice: 'two_hours', label: 'snooze.twoHours' },
  { choice: 'until_tomorrow', label: 'snooze.untilTomorrow' },
];

/** The time, with "tomorrow" where it isn't today; `today` is today's midnight. */
export function snoozeEnd(language: Language, untilMs: number, today: number): string {
  const time = clockTime(language, untilMs);
  return midnightOf(untilMs) > today ? translate(language, 'snooze.tomorrow', { time }) : time;
}
