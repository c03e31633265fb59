/** Days as a person enters them, and as the list asks for them: where the person is, in ms. */

/** A day and what is before and after it. `null` where the text isn't a day. */
export function dayOf(text: string): { readonly begin: number; readonly end: number } | null {
  const found = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*$/.exec(text);
  if (found === null) return null;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const begin = new Date(year, month - 1, day);
  if (begin.getMonth() !== month - 1 || begin.getDate() !== day) return null;
  // Not 24 hours later: the days of a clock change have 23 or 25.
  return { begin: begin.getTime(), end: new Date(year, month - 1, day + 1).getTime() };
}

/** The day of a time, as a date input has it. */
export function dayText(ms: number): string {
  const date = new Date(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last `days` days, today among them, with an open end. */
export function lastDays(days: number, today: number): number {
  const date = new Date(today);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - days + 1).getTime();
}
