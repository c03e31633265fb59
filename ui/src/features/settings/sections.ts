/** The settings' sections, in their order. */
export const SECTIONS = ['account', 'alerts', 'appearance', 'data', 'about'] as const;
export type Section = (typeof SECTIONS)[number];
