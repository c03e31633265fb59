/** What the palette offers: each feature lists what one can go to or do in it, and `app/` puts the lists together. */
import type { Component } from 'svelte';
import { catalogues, translate, type MessageKey, type Values } from '../i18n/catalogue';

interface Named {
  /** Its name, from the wider to the narrower: a setting and its value. */
  readonly name: readonly MessageKey[];
  readonly values?: Values;
  /** Where it belongs, said beside it. */
  readonly of: MessageKey;
  readonly icon: Component<{ size: number; strokeWidth: number }>;
  /** Whether it is offered only to whoever types its letters: there are many of its kind. */
  readonly deep?: true;
}

export type Command = Named &
  (
    | {
        /** Shows something, and the keyboard goes there. */
        go(): void;
        act?: never;
      }
    | {
        /** Changes something; rejects with a `Problem`. */
        act(): Promise<unknown>;
        go?: never;
      }
  );

/** A command's name in a language. */
export function nameIn(language: string, { name, values }: Command): string {
  const words = name.map((key) => translate(language, key, values));
  return words.reduce((wide, narrow) => translate(language, 'palette.within', { wide, narrow }));
}

/** Its names in all languages. */
export function namesOf(command: Command): string[] {
  return Object.keys(catalogues).map((language) => nameIn(language, command));
}
