/** Believable market life for the twin: alerts in both languages, made from a number. */
import en from '../../../messages/en.json';
import zh from '../../../messages/zh-TW.json';
import type { AlertDetail } from '../../bindings/AlertDetail';
import type { Category } from '../../bindings/Category';
import type { FieldView } from '../../bindings/FieldView';
import type { Language } from '../../bindings/Language';
import type { LinkView } from '../../bindings/LinkView';

/** An alert as the twin keeps it: in both languages, like Rust, which words it when it is asked. */
export interface Story {
  kind: string;
  category: Category;
  urgent?: boolean;
  link?: LinkView;
  /** What became of its toast. */
  toast?: Readonly<Record<Language, string>>;
  words: Readonly<Record<Language, Words>>;
}

interface Words {
  title: string;
  content: string;
  fields: readonly (readonly [label: string, value: string])[];
}

const market: LinkView = {
  host: 'agoramarket.example',
  opens: 'at_once',
  resembles: null,
  why: null,
};

/** As the program words it. */
const shown = { en: en.fate.clicked, 'zh-TW': zh.fate.clicked };
const quiet = {
  en: en.fate.quiet.replace('{until}', '08:00'),
  'zh-TW': zh.fate.quiet.replace('{until}', '08:00'),
};

/** The category of a kind, by its beginning. */
export function categoryOf(kind: string): Category {
  const beginnings: readonly (readonly [RegExp, Category])[] = [
    [/^(NEW_)?DELIVERY/, 'delivery'],
    [/^(ORDER|REFUND|CART)/, 'orders'],
    [/^(BALANCE|RECHARGE|WITHDRAW|TRANSACTION)/, 'money'],
    [/^(NEW_MESSAGE|MESSAGE|CHAT)/, 'chat'],
    [/^(USER_LOG|LOGIN|TOKEN|PASSWORD|TWO_FACTOR|SUSPICIOUS|ACCOUNT|SECURITY)/, 'security'],
    [/^PRODUCT/, 'products'],
    [/^(STORE|AVATAR|PROFILE)/, 'store'],
  ];
  return beginnings.find(([pattern]) => pattern.test(kind))?.[1] ?? 'system';
}

/** What happened at the market, newest first; older alerts repeat it. */
export const stories: readonly Story[] = [
  {
    kind: 'SUSPICIOUS_LOGIN_ATTEMPT',
    category: 'security',
    urgent: true,
    link: market,
    toast: shown,
    words: {
      en: {
        title: 'Sign-in from a new place',
        content:
          'Someone signed in to your account from a place we haven’t seen before.\nIf this was you, there is nothing to do. If it wasn’t, change your password and sign out of other devices.',
        fields: [
          ['Place', 'Taipei, Taiwan'],
          ['Device', 'Chrome on Windows'],
          ['Address', '203.0.113.42'],
        ],
      },
      'zh-TW': {
        title: '偵測到新地點登入',
        content:
          '有人從先前未曾出現的地點登入您的帳號。\n若是您本人，無須任何處理；若非本人操作，請立即變更密碼並登出其他裝置。',
        fields: [
          ['地點', '台灣台北'],
          ['裝置', 'Windows 上的 Chrome'],
          ['位址', '203.0.113.42'],
        ],
      },
    },
  },
  {
    kind: 'ORDER_SHIPPED',
    category: 'orders',
    link: market,
    toast: quiet,
    words: {
      en: {
        title: 'Order #20418 shipped',
        content:
          'The seller handed your handmade teapot to the courier. It should arrive on Thursday, 26 November.\nShow the order number when you pick it up.',
        fields: [
          ['Order', '#20418'],
          ['Status', 'Shipped'],
          ['Amount', '86.00 USDT'],
          ['Courier', 'T-Cat · 9087 2231 4410'],
        ],
      },
      'zh-TW': {
        title: '訂單 #20418 已出貨',
        content:
          '您購買的「手工茶壺」已由賣家交給物流，預計星期四（11 月 26 日）送達。\n取貨時請出示訂單編號。',
        fields: [
          ['訂單', '#20418'],
          ['狀態', '已出貨'],
          ['金額', '86.00 USDT'],
          ['物流', '黑貓宅急便 · 9087 2231 4410'],
        ],
      },
    },
  },
  {
    kind: 'BALANCE_INCREASED',
    category: 'money',
    link: market,
    words: {
      en: {
        title: 'Balance +1,250.00 USDT',
        content: 'Payment for order #20397. Your new balance is 3,480.50 USDT.',
        fields: [
          ['Amount', '+1,250.00 USDT'],
          ['Balance', '3,480.50 USDT'],
          ['Order', '#20397'],
        ],
      },
      'zh-TW': {
        title: '餘額增加 1,250.00 USDT',
        content: '訂單 #20397 款項入帳，目前餘額 3,480.50 USDT。',
        fields: [
          ['金額', '+1,250.00 USDT'],
          ['餘額', '3,480.50 USDT'],
          ['訂單', '#20397'],
        ],
      },
    },
  },
  {
    kind: 'CHAT_MESSAGE',
    category: 'chat',
    link: market,
    words: {
      en: {
        title: 'Lin Mei-hua',
        content: 'Is the blue one still available? I can pick it up on Friday after six if so.',
        fields: [['From', 'Lin Mei-hua']],
      },
      'zh-TW': {
        title: '林美華',
        content: '藍色的那一個還有嗎？如果有的話，我星期五下班後可以自取。',
        fields: [['傳送者', '林美華']],
      },
    },
  },
  {
    kind: 'DELIVERY_PICKED_UP',
    category: 'delivery',
    words: {
      en: {
        title: 'Courier picked up order #20411',
        content: 'Chen Wei is on the way, about 25 minutes out.',
        fields: [
          ['Order', '#20411'],
          ['Courier', 'Chen Wei'],
        ],
      },
      'zh-TW': {
        title: '外送員已取貨：訂單 #20411',
        content: '陳偉正在路上，約 25 分鐘後送達。',
        fields: [
          ['訂單', '#20411'],
          ['外送員', '陳偉'],
        ],
      },
    },
  },
  {
    kind: 'PRODUCT_LOW_STOCK',
    category: 'products',
    link: { host: 'tea-wholesale.example', opens: 'after_asking', resembles: null, why: null },
    words: {
      en: {
        title: 'Low stock: Oolong, 150 g',
        content: '2 left in your store.',
        fields: [
          ['Product', 'Oolong, 150 g'],
          ['In stock', '2'],
        ],
      },
      'zh-TW': {
        title: '庫存不足：烏龍茶 150 克',
        content: '您的商店僅剩 2 件。',
        fields: [
          ['商品', '烏龍茶 150 克'],
          ['庫存', '2'],
        ],
      },
    },
  },
  {
    kind: 'SYSTEM_MAINTENANCE_START',
    category: 'system',
    words: {
      en: {
        title: 'Maintenance tonight 02:00–03:00',
        content: 'Payments are paused for an hour. Orders and messages go on as usual.',
        fields: [],
      },
      'zh-TW': {
        title: '今晚 02:00–03:00 系統維護',
        content: '期間暫停付款服務一小時，訂單與訊息不受影響。',
        fields: [],
      },
    },
  },
  {
    kind: 'COUPON_DROPPED',
    category: 'system',
    link: { host: 'ftp://coupons.example/today', opens: 'never', resembles: null, why: 'scheme' },
    words: {
      en: {
        title: 'A coupon for returning customers',
        content: 'Ten percent off tea ware until Sunday.',
        fields: [['Code', 'TEA-1123']],
      },
      'zh-TW': {
        title: '老顧客專屬優惠券',
        content: '茶具九折，至星期日止。',
        fields: [['代碼', 'TEA-1123']],
      },
    },
  },
];

/**
 * How long before now the n-th newest of so many alerts came, in ms: some today, most of them
 * before. Where they are many, a busy store got them, one a minute.
 */
export function ageOf(n: number, of: number): number {
  const minutes = [4, 20, 117, 129, 167, 1_175, 1_327, 1_500];
  return (minutes[n] ?? 1_500 + (n - 7) * (of > 10_000 ? 1 : 97)) * 60_000;
}

/** The alert in one language, as Rust words it. */
export function detailOf(
  story: Story,
  at: { id: number; atMs: number; read: boolean },
  language: Language,
): AlertDetail {
  const { id, atMs, read } = at;
  const { title, content, fields } = story.words[language];
  const raw = { type: story.kind, title, content, isUrgent: story.urgent ?? false };
  return {
    row: {
      id,
      atMs,
      read,
      kind: story.kind,
      category: story.category,
      title,
      excerpt: content.replaceAll('\n', ' ').slice(0, 200),
      urgent: story.urgent ?? false,
      found: null,
    },
    content,
    fields: fields.map(([label, value]): FieldView => ({ label, value })),
    link: story.link ?? null,
    toast: story.toast?.[language] ?? null,
    source: story.kind === 'SYSTEM_MAINTENANCE_START' ? 'broadcast' : 'stored',
    event: story.kind === 'SYSTEM_MAINTENANCE_START' ? 'message' : story.kind,
    raw: JSON.stringify(raw),
  };
}
