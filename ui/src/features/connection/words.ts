/** The connection in words: what it does, why, and what a person can do. */
import type { ReasonView } from '../../bindings/ReasonView';
import type { StatusView } from '../../bindings/StatusView';
import { adviceText, knownAdvice, language, reasonText, t } from '../../i18n/index.svelte';
import { ago, countdown } from '../../i18n/time';
import { today } from '../../lib/clock';
import { snoozeEnd } from '../../lib/snooze';

export interface ConnectionWords {
  readonly title: string;
  /** Why, or what to do; `null` where there is nothing to add yet. */
  readonly body: string | null;
  /** The HTTP status and the market's or the system's own words, where there were any. */
  readonly detail: string | null;
}

/**
 * `now` is asked only for the states that count, so that nothing ticks in the others; `slow` says
 * that connecting takes long enough to want a reason.
 */
export function connectionWords(
  status: StatusView,
  now: () => number,
  slow: boolean,
): ConnectionWords {
  switch (status.state) {
    case 'connecting':
      return words(t('connection.connecting'), slow ? t('connection.connectingWhy') : null);
    case 'connected':
      return words(
        t('connection.connected'),
        t('connection.heard', { ago: ago(language(), status.heardMs, now()) }),
      );
    case 'no_network':
      return words(t('connection.noNetwork'), t('connection.noNetworkWhy'));
    case 'waiting': {
      const duration = countdown(language(), status.untilMs, now());
      const title =
        duration === null ? t('connection.waitingNow') : t('connection.waiting', { duration });
      return words(title, reasonText(status.reason), status.reason);
    }
    case 'checking': {
      const checked = t('connection.checked', { ago: ago(language(), status.checkedMs, now()) });
      const body = sentences(
        reasonText(status.reason),
        knownAdvice(status.reason) ?? t('connection.checkingWhy'),
      );
      return words(t('connection.checking'), body, status.reason, checked);
    }
    case 'paused':
      return status.untilMs === null
        ? words(t('connection.paused'), t('connection.pausedWhy'))
        : words(
            t('connection.pausedUntil', { until: snoozeEnd(language(), status.untilMs, today()) }),
            t('connection.pausedWhy'),
          );
    case 'signed_out':
      return status.reason === null
        ? words(t('connection.signedOut'), t('connection.signedOutWhy'))
        : words(t('connection.signedOut'), withAdvice(status.reason), status.reason);
    case 'refused':
      return words(t('connection.refused'), withAdvice(status.reason), status.reason);
    case 'no_inbox':
      return words(t('connection.notReceiving'), t('connection.notReceivingWhy'));
  }
}

function words(
  title: string,
  body: string | null,
  reason: ReasonView | null = null,
  more: string | null = null,
): ConnectionWords {
  const status =
    reason?.status == null ? null : t('connection.status', { status: String(reason.status) });
  const said = [more, status, reason?.detail].filter((text) => text != null);
  return { title, body, detail: said.length > 0 ? said.join(' · ') : null };
}

function withAdvice(reason: ReasonView): string {
  return sentences(reasonText(reason), adviceText(reason));
}

function sentences(first: string, second: string): string {
  return t('connection.sentences', { first, second });
}
