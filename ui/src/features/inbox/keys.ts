/** The inbox's keys. Pure: a key press becomes an action or nothing. */
import { isComposing } from '../../lib/composing';
import { BINDINGS, boundTo, type Action as Bound } from '../../lib/keys';

export type Action = Exclude<
  Extract<(typeof BINDINGS)[number], { group: 'list' }>['action'],
  'menu'
>;

/** Keys that scroll what has the focus. */
const scrolling = /^(Arrow|Page|Home|End)/;

/**
 * What a key press asks of the list; `null` where it belongs to what has the focus. `letters`: whether
 * single letters act.
 */
export function actionOf(event: KeyboardEvent, letters: boolean): Action | null {
  if (event.defaultPrevented || isComposing(event)) return null;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest('input, select, textarea')) return null;
  const action = boundTo(event, letters);
  if (action === null || !isOfList(action)) return null;
  if ((action === 'all' || action === 'undo') && event.shiftKey) return null;
  // Enter presses the focused button, and arrows scroll the focused text.
  if (action === 'open' && at?.closest('button, summary, a')) return null;
  if (scrolling.test(event.key) && at?.closest('[data-keeps-arrows]')) return null;
  return action;
}

/** The menu's keys are the system's: a menu is asked for by them. */
function isOfList(action: Bound): action is Action {
  return (
    action !== 'menu' && BINDINGS.some((each) => each.action === action && each.group === 'list')
  );
}
