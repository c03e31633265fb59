/** What a menu has in it to snooze toasts, or to end that. */
import BellRing from '@lucide/svelte/icons/bell-ring';
import Timer from '@lucide/svelte/icons/timer';
import type { SnoozeChoice } from '../bindings/SnoozeChoice';
import { t } from '../i18n/index.svelte';
import type { MenuGroup } from './menu.svelte';
import { snoozeChoices } from './snooze';

export function snoozing(
  untilMs: number | null,
  ask: (choice: SnoozeChoice) => unknown,
): MenuGroup {
  const isSnoozed = untilMs !== null && untilMs > Date.now();
  const items = isSnoozed
    ? [{ label: t('snooze.end'), icon: BellRing, testid: 'snooze-off', act: () => ask('off') }]
    : snoozeChoices.map(({ choice, label }) => ({
        label: t(label),
        icon: Timer,
        testid: `snooze-${choice}`,
        act: () => ask(choice),
      }));
  return { label: t('snooze.label'), items };
}
