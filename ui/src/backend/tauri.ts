/** The backend of the shipped page: Tauri's commands and one channel of changes. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { CALLS, type Calls } from '../bindings/calls';
import type { PageEvent } from '../bindings/PageEvent';
import type { Backend } from './types';

/** Calls by name, with the arguments by theirs. */
function caller([name, ...names]: readonly [string, ...string[]]) {
  return (...given: unknown[]) => {
    const call = {
      name,
      arguments: Object.fromEntries(names.map((each, at) => [each, given[at]])),
    };
    return invoke('call', { call });
  };
}

const calls = Object.fromEntries(
  Object.entries(CALLS).map(([method, listed]) => [method, caller(listed)]),
) as unknown as Calls;

export const backend: Backend = {
  ...calls,
  attach: (onEvent) => invoke('attach', { onEvent: new Channel<PageEvent>(onEvent) }),
  painted: () => invoke('painted'),
};
