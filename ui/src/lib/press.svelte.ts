/**
 * Holds back what would move things while the pointer is pressed. Leaving a field may say what is wrong
 * with it, and that moves what is below: between down and up the button that was pressed would go from
 * under the pointer, and the click be lost.
 */
import { untrack } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';

/** What ends a press, or shows that it has ended. */
const ENDS = ['pointerup', 'pointercancel', 'pointermove', 'dragstart', 'keydown', 'blur'] as const;

let pressed = false;

const presses = createSubscriber((update) => {
  const become = (now: boolean): void => {
    if (pressed === now) return;
    pressed = now;
    update();
  };
  const begin = (event: PointerEvent): void => {
    if (event.button === 0) become(true);
  };
  // By then it is known what was clicked, and what the click brings is shown at once.
  const click = (): void => become(false);
  const end = (event: Event): void => {
    // A native menu keeps the end of a press for itself: then it is seen by the next move.
    if (event instanceof PointerEvent && event.type === 'pointermove' && event.buttons !== 0)
      return;
    // The window's, not a field's.
    if (event.type === 'blur' && event.target !== window) return;
    // A click may follow in the same turn.
    if (pressed) setTimeout(() => become(false));
  };
  const capture = { capture: true };
  window.addEventListener('pointerdown', begin, capture);
  window.addEventListener('click', click, capture);
  for (const type of ENDS) window.addEventListener(type, end, capture);
  return () => {
    window.removeEventListener('pointerdown', begin, capture);
    window.removeEventListener('click', click, capture);
    for (const type of ENDS) window.removeEventListener(type, end, capture);
    pressed = false;
  };
});

/** A value that stays as it is for as long as the pointer is pressed. To be called in a component. */
export function steady<T>(value: () => T): () => T {
  let kept = untrack(value);
  const shown = $derived.by(() => {
    presses();
    if (!pressed) kept = value();
    return kept;
  });
  return () => shown;
}
