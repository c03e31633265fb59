/** Keeps toasts away as an alert's menu asks: by the settings' rules, and by snoozing. */
import { Choices } from '../features/settings/choices.svelte';
import { ruleOf, withRule } from '../features/settings/rules';
import type { Quieting } from '../features/inbox/context';
import type { Desk } from './desk.svelte';

const PLACE = 'mute';

export function quietingOf(desk: Desk): Quieting {
  const { backend } = desk;
  const choices = new Choices(backend, () => desk.snapshot.preferences);
  return {
    get snoozedUntilMs() {
      return desk.snapshot.snoozedUntilMs;
    },
    isMuted: (category) => !ruleOf(choices.shown.rules, category).toast,
    async mute(category, muted) {
      await choices.keep(PLACE, (from) => withRule(from, category, { toast: !muted }));
      const problem = choices.problem(PLACE);
      if (problem !== null) throw problem;
    },
    snooze: (choice) => backend.snooze(choice),
  };
}
