/** Tells when what is on the page has been painted, so that the window can be shown. */
import { tick } from 'svelte';

/** A hidden webview may paint no frame at all; the window must be shown all the same. In ms. */
const LONGEST = 100;

/** Resolves after the page's present state was painted. */
export async function painted(): Promise<void> {
  await tick();
  await Promise.race([
    new Promise<void>((done) => {
      requestAnimationFrame(() => requestAnimationFrame(() => done()));
    }),
    new Promise<void>((done) => {
      setTimeout(done, LONGEST);
    }),
  ]);
}
