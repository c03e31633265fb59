/**
 * What the page asks of the program behind it. `tauri.ts` asks Rust, `memory/` plays it for tests;
 * the build's mode chooses which (`$backend` in vite.config.ts).
 */
import limits from '../bindings/limits.json';
import type { Calls } from '../bindings/calls';
import type { PageEvent } from '../bindings/PageEvent';
import type { Problem } from '../bindings/Problem';

/** The most rows that one page of the inbox may ask for. */
export const PAGE_LIMIT = limits.page;

export interface Backend {
  /** Subscribes to changes, in order. The first event is a snapshot; one follows whenever the window turns to another account. */
  attach(onEvent: (event: PageEvent) => void): Promise<void>;
  /** What an account is asked, by its name: the one that it is of, whichever is shown when the call arrives. */
  of(account: string): Calls;
  /**
   * Pastes what is on the clipboard into the field that has the keyboard. Whether it was done: not every
   * webview can be told to.
   */
  paste(): Promise<boolean>;
  /** Closes the window; what was received goes on being so. */
  close(): Promise<void>;
  /** Says that the page has painted, so that the window may be shown. Once a page. */
  painted(): Promise<void>;
}

/** Makes a `Problem` of whatever was thrown. */
export function asProblem(thrown: unknown): Problem {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code = 'internal', message = '', fields = [] } = thrown as Partial<Problem>;
    return { code, message, fields };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, fields: [] };
}
