/** The inbox's keys. Pure: a key press becomes an action or nothing. */
import { isComposing } from '../../lib/composing';

export type Action =
  | 'down'
  | 'up'
  | 'pageDown'
  | 'pageUp'
  | 'first'
  | 'last'
  | 'open'
  | 'toggle'
  | 'delete'
  | 'search'
  | 'all'
  | 'undo'
  | 'back';

const actions: Readonly<Record<string, Action>> = {
  j: 'down',
  ArrowDown: 'down',
  k: 'up',
  ArrowUp: 'up',
  PageDown: 'pageDown',
  PageUp: 'pageUp',
  Home: 'first',
  End: 'last',
  Enter: 'open',
  u: 'toggle',
  Delete: 'delete',
  '/': 'search',
  Escape: 'back',
};

/** With Ctrl, or Cmd on a Mac. */
const commands: Readonly<Record<string, Action>> = { a: 'all', z: 'undo' };

/** What acts alone and can be switched off: `Delete` or `Enter` isn't among them. */
const letter = /^.$/u;

/** Keys that scroll what has the focus. */
const scrolling = /^(Arrow|Page|Home|End)/;

/**
 * What a key press asks of the list; `null` where it belongs to what has the focus. `letters`: whether
 * single letters act.
 */
export function actionOf(event: KeyboardEvent, letters: boolean): Action | null {
  if (event.defaultPrevented || event.altKey || isComposing(event)) return null;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest('input, select, textarea')) return null;
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? null : (commands[event.key] ?? null);
  if (!letters && letter.test(event.key)) return null;
  const action = actions[event.key] ?? null;
  // Enter presses the focused button, and arrows scroll the focused text.
  if (action === 'open' && at?.closest('button, summary, a')) return null;
  if (scrolling.test(event.key) && at?.closest('[data-keeps-arrows]')) return null;
  return action;
}
