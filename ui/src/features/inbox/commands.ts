/** What the palette offers of the inbox. */
import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import CheckCheck from '@lucide/svelte/icons/check-check';
import Inbox from '@lucide/svelte/icons/inbox';
import ListFilter from '@lucide/svelte/icons/list-filter';
import Star from '@lucide/svelte/icons/star';
import type { Category } from '../../bindings/Category';
import type { Counts } from '../../bindings/Counts';
import type { List } from '../../bindings/List';
import type { Command } from '../../lib/commands';
import { everything } from '../../lib/everything';
import { categoryIcons } from '../../parts/category-icons';
import type { Inbox as Store } from './store/inbox.svelte';
import { counted } from './store/rows';

/** `show` has the inbox shown. */
export function inboxCommands(inbox: Store, counts: Counts, show: () => void): Command[] {
  const list = (part: Partial<List>) => () => {
    show();
    void inbox.show({ ...everything, ...part });
  };
  const categories = Object.keys(categoryIcons) as Category[];
  const held = categories.filter((each) => (counts.categories[each]?.total ?? 0) > 0);
  return [
    { name: ['nav.inbox'], of: 'palette.view', icon: Inbox, go: list({}) },
    ...held.map((category) => ({
      name: [`category.${category}`] as const,
      of: 'nav.inbox' as const,
      icon: categoryIcons[category],
      go: list({ category }),
    })),
    { name: ['inbox.unread'], of: 'nav.inbox', icon: ListFilter, go: list({ unread: true }) },
    { name: ['inbox.urgent'], of: 'nav.inbox', icon: ListFilter, go: list({ urgent: true }) },
    { name: ['nav.starred'], of: 'nav.inbox', icon: Star, go: list({ starred: true }) },
    { name: ['nav.reminders'], of: 'nav.inbox', icon: AlarmClock, go: list({ reminders: true }) },
    { name: ['inbox.markAllRead'], of: 'palette.action', icon: CheckCheck, go: markAll },
  ];

  /** All of the list that is shown, as its own button does. */
  function markAll(): void {
    show();
    const unread = counted(inbox.list.filter, counts)?.unread ?? null;
    if (unread !== 0) void inbox.markAllRead(unread);
  }
}
