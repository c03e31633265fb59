/**
 * Keeps the keyboard on the page. Where what has it goes away, or can't be used any more, it goes on to
 * what is nearest, in the same part of the page where there is something; without that it would fall to
 * the page's body, and whoever works by keys or listens would begin at the top again.
 */

const FOCUSABLE =
  'button, input, select, textarea, summary, a[href], [tabindex]:not([data-testid^="menu"])';

/** Begins to keep it; gives what ends that. */
export function keepFocus(): () => void {
  /** What has the keyboard, and what is around it, from inside out. */
  let path: readonly Element[] = [];
  let place = new DOMRect();
  /** What has it instead of what can't be used for the moment. */
  let instead: { readonly of: HTMLElement; readonly now: Element | null } | null = null;

  function onfocusin({ target }: FocusEvent): void {
    if (!(target instanceof Element)) return;
    path = ancestors(target);
    place = target.getBoundingClientRect();
  }

  /** Whoever presses beside everything wants nothing to have it. */
  function onpointerdown(): void {
    path = [];
    instead = null;
  }

  function look(): void {
    const [had] = path;
    if (instead !== null && document.activeElement !== instead.now) instead = null;
    if (instead !== null && isUsable(instead.of)) return giveBack(instead.of);
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement === null;
    if (!(had instanceof HTMLElement) || (!isLost && activeElement !== had)) return;
    if (isUsable(had)) return isLost ? had.focus({ preventScroll: true }) : undefined;
    const next = nearest(path.slice(1), place);
    next?.focus({ preventScroll: true });
    if (had.isConnected) instead = { of: had, now: document.activeElement };
  }

  function giveBack(element: HTMLElement): void {
    instead = null;
    element.focus({ preventScroll: true });
  }

  const changes = new MutationObserver(look);
  changes.observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ['disabled', 'inert', 'hidden'],
  });
  document.addEventListener('focusin', onfocusin);
  document.addEventListener('pointerdown', onpointerdown, { capture: true });
  return () => {
    changes.disconnect();
    document.removeEventListener('focusin', onfocusin);
    document.removeEventListener('pointerdown', onpointerdown, { capture: true });
  };
}

function ancestors(element: Element): Element[] {
  const found: Element[] = [];
  for (let at: Element | null = element; at !== null; at = at.parentElement) found.push(at);
  return found;
}

/** Whether it can have the keyboard: it is there, is seen, and isn't switched off. */
function isUsable(element: HTMLElement): boolean {
  return (
    element.isConnected &&
    !element.matches(':disabled') &&
    element.closest('[inert]') === null &&
    element.checkVisibility({ visibilityProperty: true })
  );
}

/** What is nearest to a place, in the innermost of these that has something. */
function nearest(around: readonly Element[], place: DOMRect): HTMLElement | null {
  for (const part of around) {
    if (!part.isConnected) continue;
    const all = [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isUsable);
    const [first] = all.sort((a, b) => away(a, place) - away(b, place));
    if (first !== undefined) return first;
  }
  return null;
}

/** How far an element is from a place, between their beginnings, squared. */
function away(element: Element, place: DOMRect): number {
  const { x, y } = element.getBoundingClientRect();
  return (x - place.x) ** 2 + (y - place.y) ** 2;
}
