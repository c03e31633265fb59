/** The draft kept on this computer, so that it survives a restart. */
import { noFields, type Fields } from './json';

/** Everything that was typed. Both ways of writing are kept, and which of them counts. */
export interface KeptDraft {
  to: 'everyone' | 'user';
  userId: string;
  mode: 'form' | 'json';
  fields: Fields;
  json: string;
}

const PREFIX = 'agora.draft.';

/** Where the draft of an account is kept. */
export const keyOf = (account: string): string => `${PREFIX}${account}`;

export const emptyDraft: KeptDraft = {
  to: 'everyone',
  userId: '',
  mode: 'form',
  fields: noFields,
  json: '',
};

/** The kept draft; an empty one where there is none or it can't be read. */
export function recall(storage: Storage, key: string): KeptDraft {
  let kept: unknown;
  try {
    kept = JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return emptyDraft;
  }
  const from = record(kept);
  const fields = record(from['fields']);
  return {
    to: from['to'] === 'user' ? 'user' : 'everyone',
    userId: text(from['userId']),
    mode: from['mode'] === 'json' ? 'json' : 'form',
    fields: {
      kind: text(fields['kind']),
      title: text(fields['title']),
      content: text(fields['content']),
      link: text(fields['link']),
      urgent: fields['urgent'] === true,
      translations: list(fields['translations']).map((words) => ({
        language: text(words['language']),
        title: text(words['title']),
        content: text(words['content']),
      })),
      more: list(fields['more']).map((member) => ({
        name: text(member['name']),
        value: text(member['value']),
      })),
    },
    json: text(from['json']),
  };
}

/** Keeps the draft. A full or forbidden storage only means that it won't survive a restart. */
export function keep(storage: Storage, key: string, draft: KeptDraft): void {
  try {
    storage.setItem(key, JSON.stringify(draft));
  } catch {
    return;
  }
}

/** Forgets the drafts of all but these accounts. */
export function keepOnly(storage: Storage, accounts: readonly string[]): void {
  const kept = new Set(accounts.map(keyOf));
  try {
    const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
    for (const key of keys) if (key.startsWith(PREFIX) && !kept.has(key)) storage.removeItem(key);
  } catch {
    return;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
