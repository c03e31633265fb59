/**
 * Clocks that components can read. Each ticks only while something on the page reads it and the
 * page can be seen.
 */
import { createSubscriber } from 'svelte/reactivity';
import { midnightOf } from './days';

/** Runs `start` while the page can be seen, and what it returned when it no longer can. */
function whileVisible(start: () => () => void): () => void {
  let stop: (() => void) | null = null;
  const follow = (): void => {
    stop?.();
    stop = document.visibilityState === 'visible' ? start() : null;
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    stop?.();
  };
}

const everySecond = createSubscriber((update) =>
  whileVisible(() => {
    update();
    const timer = setInterval(update, 1_000);
    return () => clearInterval(timer);
  }),
);

const everyMidnight = createSubscriber((update) =>
  whileVisible(() => {
    let timer: number;
    const next = (): void => {
      update();
      const tomorrow = new Date().setHours(24, 0, 0, 0);
      timer = window.setTimeout(next, tomorrow - Date.now());
    };
    next();
    return () => clearTimeout(timer);
  }),
);

/** Now, in ms since the epoch; a component that reads it is drawn anew every second. */
export function now(): number {
  everySecond();
  return Date.now();
}

/** Today's midnight, in ms; a component that reads it is drawn anew when the day ends. */
export function today(): number {
  everyMidnight();
  return midnightOf(Date.now());
}
