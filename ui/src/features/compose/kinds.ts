/** The kinds that an administrator would send by hand, as the select offers them. */
import type { MessageKey } from '../../i18n/catalogue';

export const kindGroups: readonly {
  readonly name: MessageKey;
  readonly kinds: readonly string[];
}[] = [
  { name: 'compose.groupNotices', kinds: ['NOTIFICATION_RECEIVED', 'URGENT_NOTIFICATION'] },
  {
    name: 'compose.groupMaintenance',
    kinds: ['SYSTEM_MAINTENANCE_START', 'SYSTEM_MAINTENANCE_END', 'SYSTEM_ERROR'],
  },
  {
    name: 'compose.groupSecurity',
    kinds: ['SECURITY_WARNING', 'ACCOUNT_LOCKED', 'PASSWORD_RESET'],
  },
  {
    name: 'compose.groupTrade',
    kinds: ['ORDER_STATUS_CHANGED', 'REFUND_COMPLETED', 'BALANCE_INCREASED', 'PRODUCT_LISTED'],
  },
];

/** Whether the select offers this kind, so that it needn't be typed. */
export function isOffered(kind: string): boolean {
  return kind === '' || kindGroups.some(({ kinds }) => kinds.includes(kind));
}
