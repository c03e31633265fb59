/** Applies the chosen theme: the stylesheet's `light-dark()` follows the root's `data-theme`. */
import type { ThemeChoice } from '../bindings/ThemeChoice';

export function paint(theme: ThemeChoice): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
