import type { Section } from './catalogue';

declare global {
  /** Catalogues that are not in `messages/`, by their tags: none but where tests make one up. */
  const FURTHER_MESSAGES: Readonly<Record<string, Section>>;
}
