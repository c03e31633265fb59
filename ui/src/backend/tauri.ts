/** The backend of the shipped page: Tauri's commands and one channel of changes. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { CALLS, type Calls } from '../bindings/calls';
import type { PageEvent } from '../bindings/PageEvent';
import type { Backend } from './types';

/** A call by its name, with the arguments by theirs. */
function caller(account: string, [name, ...names]: readonly [string, ...string[]]) {
  return (...given: unknown[]) => {
    const call = {
      account,
      name,
      arguments: Object.fromEntries(names.map((each, at) => [each, given[at]])),
    };
    return invoke('call', { call });
  };
}

export const backend: Backend = {
  attach: (onEvent) => invoke('attach', { onEvent: new Channel<PageEvent>(onEvent) }),
  of(account) {
    const calls = Object.entries(CALLS).map(([method, listed]) => [
      method,
      caller(account, listed),
    ]);
    return Object.fromEntries(calls) as unknown as Calls;
  },
  paste: () => invoke('paste'),
  close: () => invoke('close'),
  painted: () => invoke('painted'),
};
