/**
 * What the page asks of the program behind it. `tauri.ts` asks Rust, `memory/` plays it for tests;
 * the build's mode chooses which (`$backend` in vite.config.ts).
 */
import type { AccountForm } from '../bindings/AccountForm';
import type { AlertDetail } from '../bindings/AlertDetail';
import type { Draft } from '../bindings/Draft';
import type { DraftCheck } from '../bindings/DraftCheck';
import type { InboxPage } from '../bindings/InboxPage';
import type { PageEvent } from '../bindings/PageEvent';
import type { PageRequest } from '../bindings/PageRequest';
import type { Preferences } from '../bindings/Preferences';
import type { Problem } from '../bindings/Problem';
import type { SendOutcome } from '../bindings/SendOutcome';

/** The most rows that one page of the inbox may ask for. */
export const PAGE_LIMIT = 100;

/** Every call rejects with a `Problem`. */
export interface Backend {
  /** Subscribes to changes, in order. The first event is a snapshot. */
  attach(onEvent: (event: PageEvent) => void): Promise<void>;
  /** Says that the page has painted, so that the window may be shown. Once a page. */
  painted(): Promise<void>;
  /** One page of the list, newest first. */
  inboxPage(request: PageRequest): Promise<InboxPage>;
  /** One alert, whole. */
  alert(id: number): Promise<AlertDetail>;
  markRead(ids: number[], read: boolean): Promise<void>;
  /** Opens an alert's link outside, after Rust has checked it. */
  openLink(id: number): Promise<void>;
  pause(paused: boolean): Promise<void>;
  reconnect(): Promise<void>;
  /** Checks and keeps the account; a new snapshot follows. */
  saveAccount(form: AccountForm): Promise<void>;
  forgetAccount(): Promise<void>;
  /** Keeps the choices; a new snapshot follows, in the chosen language. */
  setPreferences(preferences: Preferences): Promise<void>;
  /** Says what is wrong with a draft and how it will look. Sends nothing. */
  checkDraft(draft: Draft): Promise<DraftCheck>;
  /** Sends once. Whatever the outcome, it is never repeated by itself. */
  send(draft: Draft): Promise<SendOutcome>;
}

/** Makes a `Problem` of whatever was thrown. */
export function asProblem(thrown: unknown): Problem {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code, message, fields } = thrown as Partial<Problem>;
    return { code: String(code), message: message ?? '', fields: fields ?? [] };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, fields: [] };
}
