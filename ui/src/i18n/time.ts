/** Times and durations in words. Pure: the language and the moment are arguments. */
import type { Language } from '../bindings/Language';
import { localeOf, translate } from './catalogue';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${name}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(localeOf(language), options);
  formats.set(key, known);
  return known;
}

/** The time of day, such as 14:03. */
export function clockTime(language: Language, ms: number): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    ms,
  );
}

/** Weekday and date, as an alert has them before its time. */
export function fullDay(language: Language, ms: number): string {
  const day = format(language, 'longDayAndYear', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  return beforeTime(language, ofWeek(language, 'long', ms, day.format(ms)));
}

/** The same in fewer letters, where there is no room; the year only where it isn't this one. */
export function fullDayShort(language: Language, ms: number, today: number): string {
  return beforeTime(language, ofWeek(language, 'short', ms, shortDay(language, ms, today)));
}

/** With its weekday: what `Intl` makes of both at once has no space in Chinese. */
function ofWeek(language: Language, weekday: 'long' | 'short', ms: number, day: string): string {
  const name = format(language, `weekday ${weekday}`, { weekday }).format(ms);
  return translate(language, 'time.weekdayAndDay', { weekday: name, day });
}

function beforeTime(language: Language, day: string): string {
  return translate(language, 'time.beforeTime', { day });
}

/** The time to the second. */
export function fullTime(language: Language, ms: number): string {
  return format(language, 'time', { timeStyle: 'medium', hourCycle: 'h23' }).format(ms);
}

/** A day as a heading; the year only where it isn't this one. */
export function dayTitle(language: Language, midnight: number, today: number): string {
  const day = format(language, isThisYear(midnight, today) ? 'longDay' : 'longDayAndYear', {
    day: 'numeric',
    month: 'long',
    ...(isThisYear(midnight, today) ? {} : { year: 'numeric' }),
  });
  return ofWeek(language, 'long', midnight, day.format(midnight));
}

/** A day in few letters; the year only where it isn't this one. */
export function shortDay(language: Language, midnight: number, today: number): string {
  return format(language, isThisYear(midnight, today) ? 'shortDay' : 'shortDayAndYear', {
    day: 'numeric',
    month: 'short',
    ...(isThisYear(midnight, today) ? {} : { year: 'numeric' }),
  }).format(midnight);
}

function isThisYear(ms: number, today: number): boolean {
  return new Date(ms).getFullYear() === new Date(today).getFullYear();
}

/** A moment in few letters; its day only where that isn't today. */
export function shortMoment(language: Language, ms: number, today: number): string {
  const time = clockTime(language, ms);
  if (new Date(ms).toDateString() === new Date(today).toDateString()) return time;
  return translate(language, 'time.moment', { day: shortDay(language, ms, today), time });
}

/** How long until `ms`, rounded up, or `null` when it is over. */
export function countdown(language: Language, ms: number, now: number): string | null {
  const left = Math.ceil((ms - now) / 1_000);
  if (left <= 0) return null;
  if (left < 120) return translate(language, 'time.seconds', { count: left });
  return translate(language, 'time.minutes', {
    minutes: Math.floor(left / 60),
    seconds: left % 60,
  });
}

/** How long something lasts, as exactly as anybody wants to know. */
export function duration(language: Language, ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return translate(language, 'time.seconds', { count: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 5) return translate(language, 'time.minutes', { minutes, seconds: seconds % 60 });
  if (minutes < 60) return translate(language, 'time.minutesAlone', { count: minutes });
  return translate(language, 'time.hours', {
    hours: Math.floor(minutes / 60),
    minutes: minutes % 60,
  });
}

/** How long ago `ms` was. A moment ahead of now (another clock) counts as now. */
export function ago(language: Language, ms: number, now: number): string {
  const seconds = Math.floor((now - ms) / 1_000);
  if (seconds < 2) return translate(language, 'time.now');
  if (seconds < 60) return translate(language, 'time.secondsAgo', { count: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return translate(language, 'time.minutesAgo', { count: minutes });
  return translate(language, 'time.hoursAgo', { count: Math.floor(minutes / 60) });
}
