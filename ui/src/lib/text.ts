/** Text that can be selected, and what of it is. */

/** The nearest element around something whose text can be selected. */
export function textAt(target: EventTarget | null): Element | null {
  // By the name that WebKit knows it by.
  let found: Element | null = null;
  for (let at = target instanceof Element ? target : null; at !== null; at = at.parentElement) {
    if (getComputedStyle(at).webkitUserSelect !== 'text') break;
    found = at;
  }
  return found;
}

/** What is selected of an element's text. */
export function selectedTextAt(element: Element): string {
  const selection = getSelection();
  const isIn = selection?.anchorNode != null && element.contains(selection.anchorNode);
  return isIn ? selection.toString() : '';
}
