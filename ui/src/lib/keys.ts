/**
 * The one table of the page's keys: what binds them, and what the sheet of all keys shows, is made of it.
 * Pure.
 */
import { isComposing } from './composing';

/** A key that is pressed, as `KeyboardEvent.key` names it. */
interface Press {
  readonly key: string;
  /** With Ctrl, or Command on a Mac. */
  readonly command?: true;
  readonly shift?: true;
}

export interface Binding {
  readonly action: string;
  readonly group: 'list' | 'window';
  /** The first is what the sheet shows, or all of them where they are `named`. */
  readonly presses: readonly Press[];
}

const one = (...keys: string[]): Press[] => keys.map((key) => ({ key }));
const command = (...keys: string[]): Press[] => keys.map((key) => ({ key, command: true }));

export const BINDINGS = [
  { action: 'down', group: 'list', presses: one('ArrowDown', 'j') },
  { action: 'up', group: 'list', presses: one('ArrowUp', 'k') },
  { action: 'pageDown', group: 'list', presses: one('PageDown') },
  { action: 'pageUp', group: 'list', presses: one('PageUp') },
  { action: 'first', group: 'list', presses: one('Home') },
  { action: 'last', group: 'list', presses: one('End') },
  { action: 'open', group: 'list', presses: one('Enter') },
  { action: 'back', group: 'list', presses: one('Escape') },
  { action: 'toggle', group: 'list', presses: one('u') },
  { action: 'star', group: 'list', presses: one('s') },
  { action: 'remind', group: 'list', presses: one('r') },
  { action: 'delete', group: 'list', presses: one('Delete') },
  { action: 'undo', group: 'list', presses: command('z') },
  { action: 'all', group: 'list', presses: command('a') },
  { action: 'slash', group: 'list', presses: one('/') },
  { action: 'menu', group: 'list', presses: [...one('ContextMenu'), { key: 'F10', shift: true }] },
  { action: 'palette', group: 'window', presses: command('k') },
  { action: 'search', group: 'window', presses: command('f') },
  { action: 'compose', group: 'window', presses: command('n') },
  { action: 'settings', group: 'window', presses: command(',') },
  { action: 'larger', group: 'window', presses: command('+', '=') },
  { action: 'smaller', group: 'window', presses: command('-', '_') },
  { action: 'usual', group: 'window', presses: command('0') },
  { action: 'close', group: 'window', presses: command('w') },
  { action: 'quit', group: 'window', presses: command('q') },
  { action: 'keys', group: 'window', presses: one('F1', '?') },
] as const satisfies readonly Binding[];

export type Action = (typeof BINDINGS)[number]['action'];

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** A character: it would be typed where text is. */
const character = /^.$/u;

/** Whether a press is a character alone, which acts only where single letters do. */
export function isLetter({ key, command }: Press): boolean {
  return command === undefined && character.test(key);
}

/** What a press is bound to; `null`: nothing. `letters`: whether characters alone act. */
export function boundTo(pressed: Pressed, letters: boolean): Action | null {
  if (pressed.altKey) return null;
  const isCommand = pressed.ctrlKey || pressed.metaKey;
  const key = isCommand ? pressed.key.toLowerCase() : pressed.key;
  const found = (BINDINGS as readonly Binding[]).find(({ presses }) =>
    presses.some(
      (press) =>
        press.key === key &&
        isCommand === (press.command ?? false) &&
        // Shift extends a selection, and types many a character.
        (press.shift === undefined || pressed.shiftKey) &&
        (letters || !isLetter(press)),
    ),
  );
  return (found?.action as Action | undefined) ?? null;
}

/** What a key of the window's asks for, wherever the keyboard is; `null`: it is no such key. */
export function windowAction(event: KeyboardEvent, letters: boolean): Action | null {
  if (event.defaultPrevented || isComposing(event)) return null;
  const typed = event.target instanceof Element ? event.target : null;
  const types = typed?.closest('input, select, textarea') != null;
  const action = boundTo(event, letters && !types);
  const binding = BINDINGS.find((each) => each.action === action);
  return binding?.group === 'window' ? binding.action : null;
}
