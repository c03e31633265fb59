/** How the world behind the twin goes on: the clock of a snooze, and a test on its way. */
import type { HopState } from '../../bindings/HopState';
import type { SelfTest } from '../../bindings/SelfTest';
import type { SnoozeChoice } from '../../bindings/SnoozeChoice';

/** When a snooze ends that begins now; `null`: there is none. */
export function snoozedUntil(choice: SnoozeChoice): number | null {
  switch (choice) {
    case 'half_hour':
      return Date.now() + 30 * 60_000;
    case 'two_hours':
      return Date.now() + 120 * 60_000;
    case 'until_tomorrow':
      return new Date(new Date().setHours(24, 0, 0, 0)).setHours(8);
    case 'off':
      return null;
  }
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
