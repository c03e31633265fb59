/** The backend of `--mode memory`. The address says how it begins; tests play it as `window.twin`. */
import type { Backend } from '../types';
import { Twin } from './twin';

declare global {
  interface Window {
    twin: Twin;
  }
}

const asked = new URLSearchParams(location.search);
const theme = asked.get('theme');

const twin = new Twin({
  account: !asked.has('first'),
  alerts: Number(asked.get('alerts') ?? 40),
  language: asked.get('language') === 'zh-TW' ? 'zh-TW' : 'en',
  theme: theme === 'light' || theme === 'dark' ? theme : 'system',
});
window.twin = twin;

export const backend: Backend = twin;
