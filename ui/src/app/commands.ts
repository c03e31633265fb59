/** What the palette offers of an account's desk: what its features list, and what is the window's own. */
import Activity from '@lucide/svelte/icons/activity';
import Send from '@lucide/svelte/icons/send';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Power from '@lucide/svelte/icons/power';
import SquarePen from '@lucide/svelte/icons/square-pen';
import UserRound from '@lucide/svelte/icons/user-round';
import X from '@lucide/svelte/icons/x';
import { connectionCommands } from '../features/connection/commands';
import { inboxCommands } from '../features/inbox/commands';
import { settingsCommands } from '../features/settings/commands';
import type { Command } from '../lib/commands';
import { everything } from '../lib/everything';
import type { App } from './app.svelte';
import type { Desk } from './desk.svelte';

export function commandsOf(desk: Desk, app: App, showKeys: () => void): Command[] {
  const { backend, snapshot, views } = desk;
  const { status, snoozedUntilMs, preferences } = snapshot;
  const compose: Command = {
    name: ['nav.compose'],
    of: 'palette.view',
    icon: SquarePen,
    go: () => views.show('compose'),
  };
  const sent: Command = {
    name: ['nav.sent'],
    of: 'palette.view',
    icon: Send,
    go: () => views.show('sent'),
  };
  const live: Command = {
    name: ['nav.live'],
    of: 'palette.view',
    icon: Activity,
    go: () => views.show('live'),
  };
  const others = snapshot.accounts.filter(({ name }) => name !== desk.account);
  return [
    ...inboxCommands(desk.inbox, snapshot.counts, () => views.show('inbox')),
    ...(desk.composes ? [compose, sent, live] : []),
    ...others.map(({ name, label }): Command => ({
      name: ['palette.turnTo'],
      values: { account: label },
      of: 'palette.action',
      icon: UserRound,
      act: () => backend.showAccount(name),
    })),
    ...connectionCommands({
      backend,
      status,
      snoozedUntilMs,
      disconnect: () => (desk.disconnecting = 'this'),
    }),
    ...settingsCommands({
      backend,
      preferences,
      show: (section, control) => views.show('settings', section, control),
    }),
    { name: ['keys.keys'], of: 'palette.action', icon: Keyboard, go: showKeys },
    {
      name: ['keys.close'],
      of: 'palette.action',
      icon: X,
      deep: true,
      act: () => app.close(),
    },
    {
      name: ['keys.quit'],
      of: 'palette.action',
      icon: Power,
      deep: true,
      act: () => backend.quit(),
    },
  ];
}

/** Shows what says a text, of all that there is; with `id`, that alert of it. */
export function goTo(desk: Desk, search: string, id?: number): void {
  desk.views.show('inbox');
  const shown = desk.inbox.show({ ...everything, search });
  if (id !== undefined) void shown.then(() => desk.inbox.open(id));
}
