/** The settings' sections, in their order. */
export const SECTIONS = [
  'account',
  'alerts',
  'start',
  'appearance',
  'data',
  'diagnostics',
  'about',
] as const;
export type Section = (typeof SECTIONS)[number];
