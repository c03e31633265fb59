/** How the world behind the twin goes on: the clock of a snooze, and a test on its way. */
import snoozes from '../../bindings/fixtures/snoozes.json';
import type { HopState } from '../../bindings/HopState';
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
