/** What is said, and asked, where the keyring can't be used. */
import type { NoticeCode } from '../../bindings/NoticeCode';
import type { ProblemCode } from '../../bindings/ProblemCode';
import type { TokenState } from '../../bindings/TokenState';

/** In which way it can't keep anything. */
export type Question = 'none' | 'empty' | 'locked' | 'denied';

export const questions: Partial<Record<ProblemCode, Question>> = {
  keyring_unavailable: 'none',
  keyring_empty: 'empty',
  keyring_locked: 'locked',
  keyring_denied: 'denied',
};

/** Why it doesn't give the token that it holds. */
export type Trouble = Extract<NoticeCode, `keyring_${string}`>;

export const troubles: Partial<Record<TokenState, Trouble>> = {
  locked: 'keyring_locked',
  denied: 'keyring_denied',
  empty: 'keyring_empty',
  unavailable: 'keyring_away',
};
