/** Brings what just appeared before the person's eyes, and the keyboard to what answers it. */

const nearest: ScrollIntoViewOptions = { block: 'nearest' };

/**
 * An attachment for an answer to what was just done: scrolls to it, and focuses the button that is
 * marked as doing no harm, or else its first one.
 */
export function presented(element: HTMLElement): void {
  element.scrollIntoView(nearest);
  const harmless = element.querySelector<HTMLElement>('[data-harmless]');
  (harmless ?? element.querySelector('button'))?.focus({ preventScroll: true });
}

/** Scrolls to the first wrong field of a form and to what is said under it, and focuses it. */
export function showFirstError(form: HTMLElement | undefined): void {
  const control = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (!control) return;
  control.focus({ preventScroll: true });
  control.scrollIntoView(nearest);
  // Last, because of a field taller than the view its error matters more than its first line.
  form?.querySelector('[data-testid="field-error"]')?.scrollIntoView(nearest);
}
