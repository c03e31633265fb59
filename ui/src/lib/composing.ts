/**
 * Whether a press belongs to an input method. WebKit tells of the one that ends a composition only after
 * the composition's end, with the code of a key that was processed (UI Events, *Legacy Key Attributes*).
 */
export function isComposing(event: KeyboardEvent): boolean {
  // Deprecated, and all that tells of it in WebKit.
  return event.isComposing || event.keyCode === 229;
}
