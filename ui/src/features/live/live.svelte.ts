/**
 * What the market says of its connections: asked for only while the view is open and seen, and less often
 * while it doesn't answer. The last hour of it is kept.
 */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { Live } from '../../bindings/Live';
import type { LiveNumbers } from '../../bindings/LiveNumbers';
import type { LiveUser } from '../../bindings/LiveUser';
import type { Problem } from '../../bindings/Problem';

/** How often the market is asked, in ms, and how seldom at the most while it doesn't answer. */
export const STEP = 5_000;
const LONGEST = 120_000;
/** How far back samples are kept, in ms. */
export const SPAN = 3_600_000;

export interface Sample {
  readonly atMs: number;
  readonly connections: number;
}

export class LiveStore {
  /** What the market said last. */
  said = $state.raw<Live<LiveNumbers> | null>(null);
  /** When it last gave numbers, in ms since the Unix epoch. */
  atMs = $state.raw<number | null>(null);
  numbers = $state.raw<LiveNumbers | null>(null);
  samples = $state.raw<readonly Sample[]>([]);
  /** The user that was looked up, and what was wrong with the id. */
  user = $state.raw<Live<LiveUser> | null>(null);
  problem = $state.raw<Problem | null>(null);
  looking = $state(false);
  ended = $state.raw<Live<null> | null>(null);
  ending = $state(false);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = STEP;
  /** Counts up at each opening and closing, so that an answer that comes late asks no further. */
  #turn = 0;

  constructor(private readonly backend: Calls) {}

  /** Asks from now on, while the window can be seen. Returns how to end that. */
  open(): () => void {
    const follow = (): void => {
      this.#stop();
      if (document.visibilityState === 'visible') void this.#ask();
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      this.#stop();
    };
  }

  /** Asks once, out of its turn. */
  async refresh(): Promise<void> {
    this.#wait = STEP;
    this.#stop();
    await this.#ask();
  }

  async look(userId: string): Promise<void> {
    this.looking = true;
    this.problem = null;
    try {
      this.user = await this.backend.liveUser(userId);
    } catch (error) {
      this.user = null;
      this.problem = asProblem(error);
    }
    this.looking = false;
  }

  async disconnectEveryone(): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    this.ended = await this.backend
      .disconnectEveryone()
      .catch(
        (error: unknown) => ({ said: 'no_answer', message: asProblem(error).message }) as const,
      );
    this.ending = false;
    await this.refresh();
  }

  #stop(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const turn = this.#turn;
    const said = await this.backend
      .liveNumbers()
      .catch(
        (error: unknown) => ({ said: 'no_answer', message: asProblem(error).message }) as const,
      );
    this.#take(said);
    if (turn !== this.#turn || said.said === 'missing') return;
    this.#wait = said.said === 'this' ? STEP : Math.min(this.#wait * 2, LONGEST);
    this.#timer = setTimeout(() => void this.#ask(), this.#wait);
  }

  #take(said: Live<LiveNumbers>): void {
    this.said = said;
    if (said.said !== 'this') return;
    const now = Date.now();
    this.atMs = now;
    this.numbers = said.live;
    const { connections } = said.live;
    const kept = this.samples.filter(({ atMs }) => atMs > now - SPAN);
    this.samples = connections === null ? kept : [...kept, { atMs: now, connections }];
  }
}
