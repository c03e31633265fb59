/** What is asked where the keyring can't be used. */
import type { ProblemCode } from '../../bindings/ProblemCode';

export type Question = 'no_keyring' | 'empty_keyring';

export const questions: Partial<Record<ProblemCode, Question>> = {
  keyring_unavailable: 'no_keyring',
  keyring_empty: 'empty_keyring',
};
