import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { Twin } from '../../src/backend/memory/twin';
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
    const backend = new Twin({ account: true, alerts: 120, language: 'en', theme: 'system' });
    const told: PageEvent[] = [];
    await backend.attach((event) => told.push(event));
    const later = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
    await keeps({ backend, told, later });
  });
});
