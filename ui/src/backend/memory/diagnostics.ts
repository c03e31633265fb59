/** A day of the connection for the twin, what its checks find, and its report. */
import type { CheckView } from '../../bindings/CheckView';
import type { Day } from '../../bindings/Day';
import type { Part } from '../../bindings/Part';
import type { State } from '../../bindings/State';
import type { Versions } from '../../bindings/Versions';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const versions: Versions = {
  app: '0.1.0',
  system: 'Debian GNU/Linux 12, Linux 6.1',
  desktop: 'XFCE, x11',
  daemon: null,
  webview: null,
  sqlite: '3.50.2',
};

/** A day with a break, a sleep and a market that was away. */
export function dayUntil(now: number): Day {
  const at = (hoursAgo: number): number => now - hoursAgo * HOUR;
  const parts: [number, State][] = [
    [24, 'not_running'],
    [22.5, 'connected'],
    [17, 'waiting'],
    [16.7, 'connected'],
    [13, 'asleep'],
    [6.4, 'connecting'],
    [6.3, 'connected'],
    [1.2, 'no_network'],
    [1, 'connected'],
  ];
  const stretches = parts.map(([from, state], n) => ({
    fromMs: at(from),
    toMs: at(parts[n + 1]?.[0] ?? 0),
    state,
    reason:
      state === 'waiting'
        ? ('away' as const)
        : state === 'no_network'
          ? ('no_network' as const)
          : null,
    status: state === 'waiting' ? 503 : null,
    waitMs: state === 'waiting' ? 8_000 : null,
  }));
  const totals = new Map<State, { ms: number; times: number }>();
  for (const { state, fromMs, toMs } of stretches) {
    const { ms, times } = totals.get(state) ?? { ms: 0, times: 0 };
    totals.set(state, { ms: ms + toMs - fromMs, times: times + 1 });
  }
  const busy = [21, 20.2, 19.4, 18, 16.2, 15, 14.1, 6, 5.1, 4, 3.2, 2, 0.4];
  return {
    fromMs: at(24),
    toMs: now,
    stretches,
    marks: [
      { atMs: at(22.5), what: { happening: 'began' } },
      { atMs: at(6.4), what: { happening: 'slept', ms: 6.6 * HOUR } },
      { atMs: at(1.2), what: { happening: 'network_lost' } },
      { atMs: at(1), what: { happening: 'network_up' } },
    ],
    minutes: busy.map((hours, n) => [Math.floor(at(hours) / MINUTE) * MINUTE, 3 + ((n * 7) % 11)]),
    beats: [2, 1, 0].map((n) => ({
      atMs: now - 12_000 - n * 30_000,
      afterMs: n === 2 ? null : 30_000,
      intervalMs: n === 2 ? 30_000 : null,
      waitMs: n === 2 ? 12_500 : null,
      clockMs: 240,
      calls: n === 2 ? null : 'IDLE',
    })),
    totals: [...totals]
      .map(([state, total]) => ({ state, ...total }))
      .sort((one, other) => other.ms - one.ms),
  };
}

const good = (part: Part, code: string, text: string): CheckView => {
  return { part, verdict: 'good', code, text, advice: null, detail: null };
};

const found: readonly CheckView[] = [
  good('market', 'market_answers', 'It answers within 80 ms.'),
  good('sign_in', 'token_taken', "The market takes this account's token."),
  good('clock', 'clock_agrees', "It agrees with the market's."),
  good('stream', 'stream_runs', 'It is open, and was last heard 12 s ago.'),
  good('toasts', 'toasts', 'dunst 1.9'),
  good('do_not_disturb', 'do_not_disturb_off', 'Off: the desktop shows toasts.'),
  {
    part: 'tray',
    verdict: 'bad',
    code: 'no_tray',
    text: 'No host for tray icons answers.',
    advice:
      'Add one, on GNOME the extension AppIndicator. Without it, starting the app again shows its window.',
    detail: 'org.freedesktop.DBus.Error.ServiceUnknown',
  },
  good('keyring', 'keyring', 'An entry was written, read and deleted.'),
  good('inbox', 'inbox', 'Alerts: 40. Every page of the file is whole.'),
  good('disk', 'disk', 'There is room, and it can be written.'),
];

/** What a check finds. The market's answer tells of three. */
export function checksOf(part: Part): CheckView[] {
  const parts = part === 'market' ? ['market', 'sign_in', 'clock'] : [part];
  return found.filter((check) => parts.includes(check.part));
}

export function reportOf(webview: string | null): string {
  return `# Agora notifier: report\n\n- app: ${versions.app}\n- webview: ${webview ?? 'unknown'}\n`;
}
