import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { Twins } from '../../src/backend/memory/twins';
import type { Calls } from '../../src/bindings/calls';
import type { PageEvent } from '../../src/bindings/PageEvent';
import { contract } from '../contract';

describe('the twin', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(contract)('$name', async ({ keeps }) => {
    const twins = new Twins([{ account: true, alerts: 120, language: 'en', theme: 'system' }]);
    const told: PageEvent[] = [];
    await twins.attach((event) => told.push(event));
    const of = (account: string): Calls => twins.of(account);
    const later = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
    await keeps({ backend: of('main'), of, told, later });
  });
});
