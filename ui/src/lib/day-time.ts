/** Times of the day as they are typed and said, in minutes since midnight. Pure. */

const DAY = 24 * 60;

/** As a clock shows them: 08:00. */
export function clockText(minutes: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const within = ((minutes % DAY) + DAY) % DAY;
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`;
}

/**
 * What was typed, or `null` where it is no time: 22:30, 22.30, 2230, 22 and full-width digits are
 * understood.
 */
export function minutesOf(text: string): number | null {
  const found = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.normalize('NFKC').trim());
  if (found === null) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}
