/** Why the market says nothing, in words. */
import type { Live } from '../../bindings/Live';
import { t } from '../../i18n/index.svelte';

interface Words {
  readonly title: string;
  readonly body: string;
  /** The market's own, or the system's. */
  readonly detail: string | null;
}

export function inWords(said: Exclude<Live<unknown>, { said: 'this' }>): Words {
  switch (said.said) {
    case 'missing':
      return { title: t('live.missingTitle'), body: t('live.missingBody'), detail: null };
    case 'refused':
      return {
        title: t('live.refusedTitle'),
        body: t(said.status === 401 ? 'live.signedOutBody' : 'live.refusedBody'),
        detail: `HTTP ${said.status} · ${said.message}`,
      };
    case 'no_answer':
      return {
        title: t('live.noAnswerTitle'),
        body: t('live.noAnswerBody'),
        detail: said.message,
      };
  }
}
