/** The inbox's keys. Pure: a key press becomes an action or nothing. */

export type Action = 'down' | 'up' | 'open' | 'toggle' | 'back';

const actions: Readonly<Record<string, Action>> = {
  j: 'down',
  ArrowDown: 'down',
  k: 'up',
  ArrowUp: 'up',
  Enter: 'open',
  u: 'toggle',
  Escape: 'back',
};

/** What a key press asks of the list; `null` where it belongs to what has the focus. */
export function actionOf(event: KeyboardEvent): Action | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.isComposing) return null;
  const action = actions[event.key] ?? null;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest('input, select, textarea')) return null;
  // Enter presses the focused button, and arrows scroll the focused text.
  if (action === 'open' && at?.closest('button, summary, a')) return null;
  if (event.key.startsWith('Arrow') && at?.closest('[data-keeps-arrows]')) return null;
  return action;
}
