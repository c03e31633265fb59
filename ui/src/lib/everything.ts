/** The list that nothing narrows: what the inbox begins with, and what an export takes. */
import type { List } from '../bindings/List';

export const everything: List = {
  category: null,
  unread: false,
  urgent: false,
  starred: false,
  reminders: false,
  fromMs: null,
  toMs: null,
  toldMs: null,
  search: '',
};
