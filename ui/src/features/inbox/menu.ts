/** What an alert's menu, and that of several, has in it. */
import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import BellOff from '@lucide/svelte/icons/bell-off';
import BellRing from '@lucide/svelte/icons/bell-ring';
import Copy from '@lucide/svelte/icons/copy';
import ExternalLink from '@lucide/svelte/icons/external-link';
import Hash from '@lucide/svelte/icons/hash';
import LinkIcon from '@lucide/svelte/icons/link';
import Mail from '@lucide/svelte/icons/mail';
import MailOpen from '@lucide/svelte/icons/mail-open';
import PanelRight from '@lucide/svelte/icons/panel-right';
import Star from '@lucide/svelte/icons/star';
import StarOff from '@lucide/svelte/icons/star-off';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { AlertDetail } from '../../bindings/AlertDetail';
import { categoryName, t } from '../../i18n/index.svelte';
import type { MenuGroup, MenuItem } from '../../lib/menu.svelte';
import { snoozing } from '../../lib/snooze-menu';
import type { Quieting } from './context';
import type { Inbox } from './store/inbox.svelte';

type Icon = NonNullable<MenuItem['icon']>;

/** The menu of one alert; `selected` is what is selected of its text. */
export function menuOf(
  inbox: Inbox,
  quieting: Quieting,
  detail: AlertDetail,
  selected = '',
): MenuGroup[] {
  const { row, link, fields, content } = detail;
  const { id, read, starred, category } = row;
  const copy = (label: string, icon: Icon, testid: string, text: string): MenuItem => ({
    label,
    icon,
    testid,
    act: () => inbox.attempt(() => navigator.clipboard.writeText(text)),
  });
  const numbers = fields.map(({ number }) => number).filter((number) => number !== null);
  const muted = quieting.isMuted(category);
  const inWords = { category: categoryName(category) };
  return [
    {
      items: [
        ...(selected === '' ? [] : [copy(t('menu.copy'), Copy, 'copy', selected)]),
        ...(inbox.openId === id
          ? []
          : [item(t('menu.open'), PanelRight, 'open', () => inbox.open(id))]),
        marking(read, (to) => inbox.mark({ which: 'ids', ids: [id] }, to)),
        starring(starred, (to) => inbox.star([id], to)),
        item(t('menu.remind'), AlarmClock, 'remind', () => (inbox.reminding = row)),
      ],
    },
    {
      items: [
        ...(link?.opens === 'at_once'
          ? [item(t('detail.open'), ExternalLink, 'open-link', () => inbox.openLink(id, false))]
          : []),
        ...[...new Set(numbers)].map((number) =>
          copy(t('menu.copyNumber', { number }), Hash, `copy-number-${number}`, number),
        ),
        ...(link?.url ? [copy(t('menu.copyLink'), LinkIcon, 'copy-link', link.url)] : []),
        copy(t('menu.copyText'), Copy, 'copy-text', `${row.title}\n${content}`.trim()),
      ],
    },
    {
      items: [
        item(
          muted ? t('menu.unmute', inWords) : t('menu.mute', inWords),
          muted ? BellRing : BellOff,
          'mute',
          () => inbox.attempt(() => quieting.mute(category, !muted)),
        ),
      ],
    },
    snoozing(quieting.snoozedUntilMs, (choice) => inbox.attempt(() => quieting.snooze(choice))),
    { items: [deleting(() => inbox.deleteOne(id))] },
  ];
}

/** The menu of what is selected. */
export function menuOfSelected(inbox: Inbox): MenuGroup[] {
  return [
    {
      items: [false, true].map((read) => marking(read, (to) => inbox.markSelected(to))),
    },
    { items: [deleting(() => inbox.delete())] },
  ];
}

/** Marks what is `read` the other way. */
function marking(read: boolean, mark: (read: boolean) => Promise<void>): MenuItem {
  return read
    ? item(t('inbox.markUnread'), Mail, 'unread', () => mark(false))
    : item(t('inbox.markRead'), MailOpen, 'read', () => mark(true));
}

function starring(starred: boolean, star: (starred: boolean) => Promise<void>): MenuItem {
  return starred
    ? item(t('inbox.unstar'), StarOff, 'unstar', () => star(false))
    : item(t('inbox.star'), Star, 'star', () => star(true));
}

function deleting(act: () => Promise<void>): MenuItem {
  return { ...item(t('inbox.delete'), Trash2, 'delete', act), danger: true };
}

function item(label: string, icon: Icon, testid: string, act: () => unknown): MenuItem {
  return { label, icon, testid, act };
}
