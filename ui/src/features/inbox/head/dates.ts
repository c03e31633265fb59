/**
 * Days that are typed into the search, in both languages: 11/25, 25 Nov, 昨天, last week, 11月25日. Pure:
 * the days are those where the person is, and today is an argument.
 */

/** What was typed, and which days it says. */
export interface Dated {
  /** The words that say no day. */
  readonly rest: string;
  /** Those that do. */
  readonly words: string;
  /** From this midnight on, in ms. */
  readonly fromMs: number;
  /** To before this one. */
  readonly toMs: number;
}

interface Days {
  readonly from: Date;
  readonly to: Date;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(?<name>${MONTHS.join('|')})[a-z]*\\.?`;

type Reader = (groups: Readonly<Record<string, string | undefined>>, today: Date) => Days | null;

const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

const relative = (words: string, from: number, days: number): [string, Reader] => [
  words,
  (_, today) => daysFrom(later(today, from), days),
];

/** Each form, and what it says; the first that fits holds. */
const FORMS: readonly [string, Reader][] = [
  ['(?<y>\\d{4})[-/.](?<m>\\d{1,2})[-/.](?<d>\\d{1,2})', byNumbers],
  ['(?:(?<y>\\d{4})年)?(?<m>\\d{1,2})月(?<d>\\d{1,2})[日號号]', byNumbers],
  ['(?<m>\\d{1,2})/(?<d>\\d{1,2})(?:/(?<y>\\d{4}))?', byNumbers],
  [`(?<d>\\d{1,2})\\s+${MONTH}(?:,?\\s+(?<y>\\d{4}))?`, byName],
  [`${MONTH}\\s+(?<d>\\d{1,2})(?:,?\\s+(?<y>\\d{4}))?`, byName],
  ['(?<y>\\d{4})[-/](?<m>\\d{1,2})|(?<y2>\\d{4})年(?<m2>\\d{1,2})月|(?<m3>\\d{1,2})月', byMonth],
  relative('today|今天|今日', 0, 1),
  relative('yesterday|昨天|昨日', -1, 1),
  relative('前天', -2, 1),
  ['this\\s+week|本週|這週|這星期|本周|這周', (_, today) => daysFrom(monday(today, 0), 7)],
  ['last\\s+week|上週|上星期|上周', (_, today) => daysFrom(monday(today, -7), 7)],
  ['this\\s+month|本月|這個月', (_, today) => month(today.getFullYear(), today.getMonth())],
  ['last\\s+month|上個月|上月', (_, today) => month(today.getFullYear(), today.getMonth() - 1)],
  ['this\\s+year|今年', (_, today) => year(today.getFullYear())],
  ['last\\s+year|去年', (_, today) => year(today.getFullYear() - 1)],
];

/** The first days that a text says; `null` where it says none. `today`: today's midnight, in ms. */
export function datedBy(text: string, today: number): Dated | null {
  const plain = text.normalize('NFKC');
  for (const [form, read] of FORMS) {
    const found = new RegExp(`(?<=^|\\s)(?:${form})(?=$|\\s)`, 'iu').exec(plain);
    const days = found && read(found.groups ?? {}, new Date(today));
    if (!found || !days) continue;
    const rest = plain.slice(0, found.index) + plain.slice(found.index + found[0].length);
    return {
      rest: rest.trim().replace(/\s+/g, ' '),
      words: found[0],
      fromMs: days.from.getTime(),
      toMs: days.to.getTime(),
    };
  }
  return null;
}

function byNumbers(
  { y, m, d }: Readonly<Record<string, string | undefined>>,
  today: Date,
): Days | null {
  const [first, second] = [Number(m), Number(d)];
  // 25/11 can only be a day before its month.
  return (
    day(number(y), first, second, today) ??
    (y === undefined || first > 12 ? day(number(y), second, first, today) : null)
  );
}

function byName(
  { name, d, y }: Readonly<Record<string, string | undefined>>,
  today: Date,
): Days | null {
  const at = MONTHS.indexOf((name ?? '').toLowerCase());
  return day(number(y), at + 1, Number(d), today);
}

function byMonth(
  { y, m, y2, m2, m3 }: Readonly<Record<string, string | undefined>>,
  today: Date,
): Days | null {
  const wanted = Number(m ?? m2 ?? m3);
  if (wanted < 1 || wanted > 12) return null;
  const given = number(y ?? y2);
  const isAhead = wanted - 1 > today.getMonth();
  return month(given ?? today.getFullYear() - (isAhead ? 1 : 0), wanted - 1);
}

/** A day; without its year the latest one that isn't ahead. `null`: there is no such day. */
function day(given: number | undefined, month: number, date: number, today: Date): Days | null {
  const thisYear = today.getFullYear();
  // A 29 February is in one of four years, but for a century's.
  const years = given === undefined ? [...Array(9).keys()].map((n) => thisYear - n) : [given];
  for (const each of years) {
    const found = new Date(each, month - 1, date);
    const is = found.getMonth() === month - 1 && found.getDate() === date;
    if (is && (given !== undefined || found <= today)) return daysFrom(found, 1);
  }
  return null;
}

function daysFrom(from: Date, count: number): Days {
  return { from, to: later(from, count) };
}

/** So many midnights later: a day of a clock change has 23 or 25 hours. */
function later(from: Date, days: number): Date {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days);
}

/** So many days from the Monday of a day's week. */
function monday(today: Date, days: number): Date {
  return later(today, days - ((today.getDay() + 6) % 7));
}

function month(year: number, at: number): Days {
  return { from: new Date(year, at), to: new Date(year, at + 1) };
}

function year(at: number): Days {
  return { from: new Date(at, 0), to: new Date(at + 1, 0) };
}
