/** The backend of the shipped page: Tauri's commands and one channel of changes. */
import { Channel, invoke } from '@tauri-apps/api/core';
import type { PageEvent } from '../bindings/PageEvent';
import type { Backend } from './types';

export const backend: Backend = {
  attach: (onEvent) => invoke('attach', { onEvent: new Channel<PageEvent>(onEvent) }),
  painted: () => invoke('painted'),
  inboxPage: (request) => invoke('inbox_page', { request }),
  alert: (id) => invoke('alert', { id }),
  markRead: (ids, read) => invoke('mark_read', { ids, read }),
  openLink: (id) => invoke('open_link', { id }),
  pause: (paused) => invoke('pause', { paused }),
  reconnect: () => invoke('reconnect'),
  saveAccount: (form) => invoke('save_account', { form }),
  forgetAccount: () => invoke('forget_account'),
  setPreferences: (preferences) => invoke('set_preferences', { preferences }),
  checkDraft: (draft) => invoke('check_draft', { draft }),
  send: (draft) => invoke('send', { draft }),
};
