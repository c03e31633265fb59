/** How the world behind the twin goes on: the clock of a snooze, and a test on its way. */
import reminders from '../../bindings/fixtures/reminders.json';
import snoozes from '../../bindings/fixtures/snoozes.json';
import type { HopState } from '../../bindings/HopState';
import type { RemindWhen } from '../../bindings/RemindWhen';
import type { ReminderOffer } from '../../bindings/ReminderOffer';
import type { SelfTest } from '../../bindings/SelfTest';
import type { SnoozeChoice } from '../../bindings/SnoozeChoice';

/**
 * When a snooze ends that begins now; `null`: there is none. The table says, for each hour of the day, how long one lasts that
 * begins with it.
 */
export function snoozedUntil(choice: SnoozeChoice): number | null {
  if (choice === 'off') return null;
  const now = new Date();
  const lasts = snoozes[choice][now.getHours()]!;
  // A length runs from now on; a morning comes at its time, however much of this hour has gone.
  const from = choice === 'until_tomorrow' ? new Date(now).setMinutes(0, 0, 0) : now.getTime();
  return from + lasts;
}

/**
 * The times that are offered to be reminded at. The table says, for each hour of each day of the week, Monday first, how far
 * each is from its beginning.
 */
export function offersNow(): ReminderOffer[] {
  const now = new Date();
  const day = (now.getDay() + 6) % 7;
  const hour = new Date(now).setMinutes(0, 0, 0);
  const offers = (reminders as [ReminderOffer['offer'], number][][])[day * 24 + now.getHours()]!;
  return offers.map(([offer, afterMs]) => ({
    offer,
    // An hour runs from now on; the others come at their time.
    atMs: (offer === 'hour' ? now.getTime() : hour) + afterMs,
    isQuiet: false,
  }));
}

/** When that is; `null`: never. */
export function remindedAt(when: RemindWhen): number | null {
  if (when.when === 'never') return null;
  if (when.when === 'at') return when.atMs;
  return offersNow().find(({ offer }) => offer === when.when)?.atMs ?? null;
}

/** A test that has come past so many of its hops. */
export function testAt(passed: number): SelfTest {
  const names = ['accepted', 'received', 'committed', 'shown'] as const;
  return {
    running: passed < names.length,
    throughMarket: true,
    hops: names.map((name, n) => {
      const state: HopState = n < passed ? 'passed' : 'waiting';
      return { name, state, afterMs: n < passed ? [84, 131, 139, 162][n]! : null, detail: null };
    }),
  };
}
