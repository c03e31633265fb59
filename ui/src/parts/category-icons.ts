/** The icon of each category. */
import Megaphone from '@lucide/svelte/icons/megaphone';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Package from '@lucide/svelte/icons/package';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import Store from '@lucide/svelte/icons/store';
import Tag from '@lucide/svelte/icons/tag';
import Truck from '@lucide/svelte/icons/truck';
import Wallet from '@lucide/svelte/icons/wallet';
import type { Category } from '../bindings/Category';

export const categoryIcons = {
  orders: Package,
  delivery: Truck,
  money: Wallet,
  chat: MessageCircle,
  security: ShieldAlert,
  products: Tag,
  store: Store,
  system: Megaphone,
} satisfies Record<Category, unknown>;
