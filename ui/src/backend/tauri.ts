/** The backend of the shipped page: Tauri's commands and one channel of changes. */
import { Channel, invoke } from '@tauri-apps/api/core';
import type { PageEvent } from '../bindings/PageEvent';
import type { Backend } from './types';

export const backend: Backend = {
  attach: (onEvent) => invoke('attach', { onEvent: new Channel<PageEvent>(onEvent) }),
  painted: () => invoke('painted'),
  inboxPage: (request) => invoke('inbox_page', { request }),
  alert: (id) => invoke('alert', { id }),
  mark: (which, read) => invoke('mark', { which, read }),
  deleteAlerts: (which) => invoke('delete_alerts', { which }),
  undoDelete: (deletion) => invoke('undo_delete', { deletion }),
  deleteEverything: () => invoke('delete_everything'),
  exportInbox: (list, format) => invoke('export_inbox', { list, format }),
  showExport: () => invoke('show_export'),
  setInboxAside: () => invoke('set_inbox_aside'),
  openLink: (id, asked) => invoke('open_link', { id, asked }),
  snooze: (choice) => invoke('snooze', { choice }),
  previewRules: (rules) => invoke('preview_rules', { rules }),
  sendTest: () => invoke('send_test'),
  pause: (paused) => invoke('pause', { paused }),
  reconnect: () => invoke('reconnect'),
  saveAccount: (form) => invoke('save_account', { form }),
  forgetAccount: () => invoke('forget_account'),
  setPreferences: (preferences) => invoke('set_preferences', { preferences }),
  checkDraft: (draft) => invoke('check_draft', { draft }),
  send: (draft) => invoke('send', { draft }),
};
