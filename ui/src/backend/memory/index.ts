/** The backend of `--mode memory`. The address says how it begins; tests play it as `window.twin`. */
import type { Backend } from '../types';
import { labels } from './labels';
import type { Beginning, Twin } from './twin';
import { Twins } from './twins';

declare global {
  interface Window {
    twins: Twins;
    /** The first account's. */
    twin: Twin;
  }
}

const asked = new URLSearchParams(location.search);
const theme = asked.get('theme');

const beginning = {
  account: !asked.has('first'),
  alerts: Number(asked.get('alerts') ?? 40),
  language: asked.get('language') ?? 'en',
  theme: theme === 'light' || theme === 'dark' ? theme : 'system',
} as const;

const accounts = Number(asked.get('accounts') ?? 1);
const further = labels.slice(1, accounts).map((label, at) => ({
  ...beginning,
  name: String(at + 2),
  label,
  alerts: 7 + at,
  ...(label === labels[0] && { baseUrl: 'http://127.0.0.1:8080/api' }),
}));
const first: Beginning = accounts > 1 ? { ...beginning, label: labels[0]! } : beginning;

window.twins = new Twins([first, ...further]);
window.twin = window.twins.twin('main');

export const backend: Backend = window.twins;
