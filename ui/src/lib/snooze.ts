/** Until when toasts are snoozed, in words. Pure. */
import type { Language } from '../bindings/Language';
import { translate } from '../i18n/catalogue';
import { clockTime } from '../i18n/time';
import { midnightOf } from './days';

/** The time, with "tomorrow" where it isn't today; `today` is today's midnight. */
export function snoozeEnd(language: Language, untilMs: number, today: number): string {
  const time = clockTime(language, untilMs);
  return midnightOf(untilMs) > today ? translate(language, 'snooze.tomorrow', { time }) : time;
}
