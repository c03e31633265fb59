/** What the twin answers about toasts: default choices, a preview of rules, snoozing and a test. */
import type { Category } from '../../bindings/Category';
import type { CategoryRule } from '../../bindings/CategoryRule';
import type { Counts } from '../../bindings/Counts';
import type { HopState } from '../../bindings/HopState';
import type { Preferences } from '../../bindings/Preferences';
import type { Rules } from '../../bindings/Rules';
import type { RulesPreview } from '../../bindings/RulesPreview';
import type { SelfTest } from '../../bindings/SelfTest';
import type { SnoozeChoice } from '../../bindings/SnoozeChoice';

const plain: CategoryRule = { toast: true, sound: true, onlyUrgent: false };

/** The choices of a new user. */
export const defaults: Preferences = {
  language: 'system',
  theme: 'system',
  keepDays: 90,
  keepMib: 1_024,
  rules: {
    categories: {
      orders: plain,
      delivery: plain,
      money: plain,
      chat: plain,
      security: plain,
      products: { ...plain, sound: false },
      store: { ...plain, sound: false },
      system: { ...plain, sound: false },
    },
    quiet: {
      on: false,
      days: [true, true, true, true, true, true, true],
      from: 22 * 60,
      to: 8 * 60,
    },
    urgentPasses: true,
    urgentMessagesPass: false,
    hideContent: false,
  },
  webSite: null,
};

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

/** What rules would have done, by category alone; a third of what is left came in quiet hours. */
export function previewOf(rules: Rules, counts: Counts): RulesPreview {
  const held = Object.entries(counts.categories) as [Category, { total: number }][];
  const rule = (category: Category): CategoryRule => rules.categories[category] ?? plain;
  const sum = (wanted: (rule: CategoryRule) => boolean): number =>
    held.reduce((sum, [category, { total }]) => sum + (wanted(rule(category)) ? total : 0), 0);
  const loud = sum(({ toast, onlyUrgent }) => toast && !onlyUrgent);
  const quiet = rules.quiet.on ? Math.floor(loud / 3) : 0;
  const muted: RulesPreview['muted'] = [
    { code: 'category', count: sum(({ toast }) => !toast) },
    { code: 'only_urgent', count: sum(({ toast, onlyUrgent }) => toast && onlyUrgent) },
    { code: 'quiet', count: quiet },
  ];
  return {
    total: counts.total,
    shown: loud - quiet,
    sounded: Math.max(
      0,
      sum(({ toast, onlyUrgent, sound }) => toast && !onlyUrgent && sound) - quiet,
    ),
    muted: muted.filter(({ count }) => count > 0),
  };
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
