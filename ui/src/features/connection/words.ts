/** The connection in words: what it does, why, and what a person can do. */
import type { StatusView } from '../../bindings/StatusView';
import { adviceText, language, reasonText, t } from '../../i18n/index.svelte';
import { ago, countdown } from '../../i18n/time';

export interface ConnectionWords {
  readonly title: string;
  readonly body: string | null;
  /** The market's or the system's own words. */
  readonly detail: string | null;
}

/** `now` is asked only for the states that count, so that nothing ticks in the others. */
export function connectionWords(status: StatusView, now: () => number): ConnectionWords {
  switch (status.state) {
    case 'connecting':
      return words(t('connection.connecting'), t('connection.connectingWhy'));
    case 'connected':
      return words(
        t('connection.connected'),
        t('connection.heard', { ago: ago(language(), status.heardMs, now()) }),
      );
    case 'waiting': {
      const duration = countdown(language(), status.untilMs, now());
      const title =
        duration === null ? t('connection.waitingNow') : t('connection.waiting', { duration });
      return words(title, reasonText(status.reason), status.reason.detail);
    }
    case 'paused':
      return words(t('connection.paused'), t('connection.pausedWhy'));
    case 'signed_out':
      return status.reason === null
        ? words(t('connection.signedOut'), t('connection.signedOutWhy'))
        : words(t('connection.signedOut'), withAdvice(status.reason), status.reason.detail);
    case 'refused':
      return words(t('connection.refused'), withAdvice(status.reason), status.reason.detail);
  }
}

function withAdvice(reason: Parameters<typeof reasonText>[0]): string {
  const gap = language() === 'en' ? ' ' : '';
  return `${reasonText(reason)}${gap}${adviceText(reason)}`;
}

function words(title: string, body: string | null, detail: string | null = null): ConnectionWords {
  return { title, body, detail };
}
