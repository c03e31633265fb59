/** How a sending stands, and to whom it goes, in words. */
import type { SendingView } from '../../bindings/SendingView';
import { language, t } from '../../i18n/index.svelte';

export const written = (count: number): string => new Intl.NumberFormat(language()).format(count);

export function toWhom({ to, counts }: SendingView): string {
  switch (to.type) {
    case 'everyone':
      return t('sent.everyone');
    case 'user':
      return t('sent.user', { id: to.userId });
    case 'list':
      return t('sent.list', { count: counts.total });
  }
}

/** The title that the body has, or its first letters. */
export function titleOf({ json }: SendingView): string {
  try {
    const { title, type } = JSON.parse(json) as { title?: unknown; type?: unknown };
    for (const text of [title, type])
      if (typeof text === 'string' && text.trim() !== '') return text;
  } catch {
    // A body with placeholders needn't be JSON.
  }
  return json.slice(0, 80);
}

export function standing({ state, halt }: SendingView): string {
  return state === 'halted' && halt !== null ? t(`sent.halt.${halt}`) : t(`sent.state.${state}`);
}
