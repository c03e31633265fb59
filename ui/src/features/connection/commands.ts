/** What the palette offers of the connection, and of the quiet that one can ask for. */
import BellRing from '@lucide/svelte/icons/bell-ring';
import Plug from '@lucide/svelte/icons/plug';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Timer from '@lucide/svelte/icons/timer';
import Unplug from '@lucide/svelte/icons/unplug';
import type { Calls } from '../../bindings/calls';
import type { StatusView } from '../../bindings/StatusView';
import type { Command } from '../../lib/commands';
import { snoozeChoices } from '../../lib/snooze';

interface Around {
  readonly backend: Calls;
  readonly status: StatusView;
  readonly snoozedUntilMs: number | null;
  /** Asks for how long to disconnect. */
  disconnect(): void;
}

export function connectionCommands(around: Around): Command[] {
  const { backend, status, snoozedUntilMs } = around;
  const of = 'palette.action';
  const isSnoozed = snoozedUntilMs !== null && snoozedUntilMs > Date.now();
  const snoozing = snoozeChoices.map(({ choice, label }): Command => ({
    name: ['snooze.label', label],
    of,
    icon: Timer,
    act: () => backend.snooze(choice),
  }));
  const ending: Command = {
    name: ['snooze.label', 'snooze.end'],
    of,
    icon: BellRing,
    act: () => backend.snooze('off'),
  };
  const connecting: Command[] =
    status.state === 'paused'
      ? [{ name: ['connection.connect'], of, icon: Plug, act: () => backend.pause('off', false) }]
      : [
          { name: ['connection.reconnect'], of, icon: RefreshCw, act: () => backend.reconnect() },
          { name: ['connection.disconnect'], of, icon: Unplug, go: () => around.disconnect() },
        ];
  return [...(isSnoozed ? [ending] : []), ...snoozing, ...connecting];
}
