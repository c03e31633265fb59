/** What the palette offers of the settings: each section, each setting, and the choices that are made at once. */
import Languages from '@lucide/svelte/icons/languages';
import Palette from '@lucide/svelte/icons/palette';
import Settings from '@lucide/svelte/icons/settings';
import type { Preferences } from '../../bindings/Preferences';
import type { Calls } from '../../bindings/calls';
import { catalogues, translate, type MessageKey } from '../../i18n/catalogue';
import type { Command } from '../../lib/commands';
import type { Section } from './sections';

/** What each section is called. */
export const sectionNames: Readonly<Record<Section, MessageKey>> = {
  account: 'account.title',
  alerts: 'alerts.title',
  start: 'start.title',
  appearance: 'settings.appearance',
  data: 'data.title',
  diagnostics: 'diagnostics.title',
  about: 'settings.desktop',
};

/** Single settings: what each is called, and the control that it is changed with. */
const SETTINGS: readonly (readonly [Section, MessageKey, control: string])[] = [
  ['account', 'account.label', 'account-label'],
  ['account', 'account.composes', 'composes'],
  ['account', 'account.forget', 'account-forget'],
  ['account', 'account.add', 'account-add'],
  ['alerts', 'alerts.categories', 'rule-orders-toast'],
  ['alerts', 'alerts.quiet', 'quiet-on'],
  ['alerts', 'alerts.urgentPasses', 'urgent-passes'],
  ['alerts', 'alerts.hideContent', 'hide-content'],
  ['alerts', 'test.title', 'send-test'],
  ['alerts', 'alerts.webSite', 'web-site'],
  ['start', 'start.withComputer', 'start-with-computer'],
  ['start', 'start.hidden', 'start-hidden'],
  ['appearance', 'settings.textSize', 'text-larger'],
  ['appearance', 'settings.letters', 'single-letters'],
  ['data', 'data.keepFor', 'keep-days'],
  ['data', 'data.keepSize', 'keep-size'],
  ['data', 'data.export', 'export-csv'],
  ['data', 'data.delete', 'delete-everything'],
  ['diagnostics', 'diagnostics.report', 'report'],
];

const THEMES = [
  ['system', 'settings.themeSystem'],
  ['light', 'settings.themeLight'],
  ['dark', 'settings.themeDark'],
] as const;

interface Around {
  readonly backend: Calls;
  readonly preferences: Preferences;
  /** Shows a section, and gives the keyboard to one of its controls. */
  show(section: Section, control?: string): void;
}

export function settingsCommands({ backend, preferences, show }: Around): Command[] {
  const sections = Object.entries(sectionNames) as [Section, MessageKey][];
  const keep = (part: Partial<Preferences>) => () =>
    backend.setPreferences({ ...preferences, ...part });
  return [
    {
      name: ['nav.settings'],
      of: 'palette.view',
      icon: Settings,
      go: () => show('account'),
    },
    ...sections.map(([section, name]): Command => ({
      name: [name],
      of: 'nav.settings',
      icon: Settings,
      go: () => show(section),
    })),
    ...SETTINGS.map(([section, name, control]): Command => ({
      name: [name],
      of: sectionNames[section],
      icon: Settings,
      deep: true,
      go: () => show(section, control),
    })),
    ...THEMES.map(([theme, name]): Command => ({
      name: ['settings.theme', name],
      of: 'settings.appearance',
      icon: Palette,
      deep: true,
      act: keep({ theme }),
    })),
    ...Object.keys(catalogues).map((language): Command => ({
      name: ['palette.speak'],
      values: { language: translate(language, 'language.name') },
      of: 'settings.appearance',
      icon: Languages,
      deep: true,
      act: keep({ language }),
    })),
  ];
}
