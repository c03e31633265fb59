/** How a test of the way to a toast ended, in words. Pure: the language is an argument. */
import type { Hop } from '../../bindings/Hop';
import type { HopState } from '../../bindings/HopState';
import type { Language } from '../../bindings/Language';
import type { SelfTest } from '../../bindings/SelfTest';
import { translate, translateCode } from '../../i18n/catalogue';

export interface Verdict {
  readonly tone: 'plain' | 'good' | 'wait' | 'bad';
  readonly text: string;
}

/** Where it is, or how it ended and what that means. */
export function verdict(language: Language, test: SelfTest): Verdict {
  if (test.running) return { tone: 'plain', text: translate(language, 'test.running') };
  const shown = test.hops.find(({ name }) => name === 'shown');
  const came = shown?.state === 'passed';
  if (!test.throughMarket)
    return came
      ? { tone: 'wait', text: translate(language, 'test.local') }
      : { tone: 'bad', text: translate(language, 'test.localStopped') };
  if (came) {
    const ms = shown.afterMs;
    return {
      tone: 'good',
      text:
        ms === null
          ? translate(language, 'test.came')
          : translate(language, 'test.cameAfter', { after: millis(language, ms) }),
    };
  }
  const stopped = test.hops.find(({ state }) => state !== 'passed');
  return {
    tone: 'bad',
    text: stopped
      ? translateCode(language, `test.stopped.${stopped.name}`, 'test.stoppedSomewhere')
      : translate(language, 'test.stoppedSomewhere'),
  };
}

export interface Step {
  readonly hop: string;
  readonly name: string;
  readonly state: HopState;
  /** When it passed, or what became of it there. */
  readonly when: string;
  /** Why it got no further. */
  readonly why: string | null;
}

/** The way in words. It stops once: what follows a place where it stopped wasn't reached. */
export function steps(language: Language, test: SelfTest): Step[] {
  const said = new Set<string>();
  return test.hops.map((hop, n) => {
    const follows = hop.state === 'failed' && test.hops[n - 1]?.state === 'failed';
    const state = follows ? 'waiting' : hop.state;
    // A message that wasn't accepted can't be received: that needs no reason of its own.
    const told = follows && hop.name === 'received' ? null : hop.detail;
    const why = told === null || said.has(told) ? null : told;
    if (why !== null) said.add(why);
    const name = translateCode(language, `test.${hop.name}`, 'test.somewhere');
    return { hop: hop.name, name, state, when: when(language, hop, state, test.running), why };
  });
}

function when(language: Language, hop: Hop, state: HopState, running: boolean): string {
  switch (state) {
    case 'passed':
      return hop.afterMs === null
        ? translate(language, 'test.passed')
        : millis(language, hop.afterMs);
    case 'failed':
      return translate(language, 'test.failed');
    case 'waiting':
      return translate(
        language,
        running && hop.state === 'waiting' ? 'test.waiting' : 'test.notReached',
      );
  }
}

function millis(language: Language, ms: number): string {
  return translate(language, 'test.ms', { ms });
}
