/**
 * The one menu that can be open on the page: what is in it, where it stands, and where the keyboard goes
 * back to. The browser's own menu, with its Back and Reload, comes nowhere.
 */
import { createContext, type Component } from 'svelte';

/** Something to do. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: Component<{ size: number; strokeWidth: number }>;
  act(): unknown;
  /** Whether it is the one that holds, among those that exclude each other. */
  readonly checked?: boolean;
  /** Whether it takes something away. */
  readonly danger?: boolean;
  /** Whether it can't be done now. */
  readonly off?: boolean;
  readonly testid: string;
}

/** What belongs together, with a line between it and the others. */
export interface MenuGroup {
  /** Said over it, where it needs to be. */
  readonly label?: string;
  readonly items: readonly MenuItem[];
}

interface Shown {
  readonly groups: readonly MenuGroup[];
  /** The button that it hangs on, where it does. */
  readonly button: Element | null;
  /** The point, in px of the window, that it opens from. */
  readonly x: number;
  readonly y: number;
}

export class Menu {
  shown = $state.raw<Shown | null>(null);
  #byKey = false;
  #asked = 0;
  #back: Element | null = null;

  /** Whether a key was pressed last, and so asks for a menu; or else the pointer. */
  pressed(byKey: boolean): void {
    this.#byKey = byKey;
  }

  get byKey(): boolean {
    return this.#byKey;
  }

  /**
   * Takes what asks for a menu, in the browser's menu's place. What is in it may be found out first: it
   * opens where it was asked for, or by a key under `beside`; unless another was asked for meanwhile.
   */
  ask(event: MouseEvent, beside: Element | null): (groups: readonly MenuGroup[]) => void {
    event.preventDefault();
    const asked = this.#begin();
    const box = this.#byKey ? beside?.getBoundingClientRect() : undefined;
    const at = box
      ? { x: box.left + Math.min(40, box.width / 2), y: Math.min(box.bottom, innerHeight) - 8 }
      : { x: event.clientX, y: event.clientY };
    return (groups) => {
      const full = groups.filter(({ items }) => items.length > 0);
      if (asked === this.#asked && full.length > 0)
        this.shown = { groups: full, button: null, ...at };
    };
  }

  /** Opens it under a button, or closes it where it hangs there. */
  toggle(button: Element, groups: readonly MenuGroup[]): void {
    if (this.isUnder(button)) return this.close();
    this.#begin();
    const { left, bottom } = button.getBoundingClientRect();
    this.shown = { groups, button, x: left, y: bottom + 2 };
  }

  /** Whether it hangs on a button: what the button says as `aria-expanded`. */
  isUnder(button: Element | undefined): boolean {
    return button !== undefined && this.shown?.button === button;
  }

  /** Closes it, and gives the keyboard back. */
  close(): void {
    this.#asked += 1;
    if (this.shown === null) return;
    this.shown = null;
    if (this.#back instanceof HTMLElement) this.#back.focus({ preventScroll: true });
  }

  /** Another menu begins. From one to the next the keyboard's place stays. */
  #begin(): number {
    if (this.shown === null) this.#back = document.activeElement;
    this.shown = null;
    this.#asked += 1;
    return this.#asked;
  }
}

export const [useMenu, provideMenu] = createContext<Menu>();
