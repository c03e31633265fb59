/**
 * What the page asks of the program behind it. `tauri.ts` asks Rust, `memory/` plays it for tests;
 * the build's mode chooses which (`$backend` in vite.config.ts).
 */
import type { AccountForm } from '../bindings/AccountForm';
import type { AlertDetail } from '../bindings/AlertDetail';
import type { Deleted } from '../bindings/Deleted';
import type { Draft } from '../bindings/Draft';
import type { DraftCheck } from '../bindings/DraftCheck';
import type { ExportFormat } from '../bindings/ExportFormat';
import type { Exported } from '../bindings/Exported';
import type { InboxPage } from '../bindings/InboxPage';
import type { List } from '../bindings/List';
import type { PageEvent } from '../bindings/PageEvent';
import type { PageRequest } from '../bindings/PageRequest';
import type { Preferences } from '../bindings/Preferences';
import type { Problem } from '../bindings/Problem';
import type { Rules } from '../bindings/Rules';
import type { RulesPreview } from '../bindings/RulesPreview';
import type { SendOutcome } from '../bindings/SendOutcome';
import type { SnoozeChoice } from '../bindings/SnoozeChoice';
import type { Which } from '../bindings/Which';

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
  mark(which: Which, read: boolean): Promise<void>;
  /**
   * Deletes alerts; the deletion that it gives brings them back with `undoDelete`, for a minute. Where
   * it stopped in between there is a problem too.
   */
  deleteAlerts(which: Which): Promise<Deleted>;
  undoDelete(deletion: number): Promise<void>;
  /** Deletes every alert at once and for good. */
  deleteEverything(): Promise<void>;
  /** Writes what a list shows into the person's folder of downloads. */
  exportInbox(list: List, format: ExportFormat): Promise<Exported>;
  /** Shows the last export in the system's file manager. */
  showExport(): Promise<void>;
  /** Sets a file aside that can't be the inbox, and begins a new one. It is never deleted. */
  setInboxAside(): Promise<void>;
  /**
   * Opens an alert's link outside, after Rust has checked it. `asked`: the person was shown its host
   * and said yes.
   */
  openLink(id: number, asked: boolean): Promise<void>;
  snooze(choice: SnoozeChoice): Promise<void>;
  /** What rules would have done with the alerts of the last 30 days. */
  previewRules(rules: Rules): Promise<RulesPreview>;
  /** Sends a test message to oneself; how far it comes is told by `tested` events. */
  sendTest(): Promise<void>;
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
