/** How a test of the way to a toast ended, in words. Pure: the language is an argument. */
import type { Hop } from '../../bindings/Hop';
import type { Language } from '../../bindings/Language';
import type { SelfTest } from '../../bindings/SelfTest';
import { lookUp, translate } from '../../i18n/catalogue';

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
    text:
      lookUp(language, `test.stopped.${stopped?.name}`) ??
      translate(language, 'test.stoppedSomewhere'),
  };
}

/** A step's name. */
export function hopName(language: Language, hop: Hop): string {
  return lookUp(language, `test.${hop.name}`) ?? hop.name;
}

/** When it passed, or what became of it there. */
export function hopText(language: Language, hop: Hop, running: boolean): string {
  switch (hop.state) {
    case 'passed':
      return hop.afterMs === null
        ? translate(language, 'test.passed')
        : millis(language, hop.afterMs);
    case 'failed':
      return translate(language, 'test.failed');
    case 'waiting':
      return translate(language, running ? 'test.waiting' : 'test.notReached');
  }
}

function millis(language: Language, ms: number): string {
  return translate(language, 'test.ms', { ms });
}
