/**
 * What accounts are called: one in another script, one from right to left, one that is long, and one like
 * the first, at another market.
 */
export const labels = [
  'lin-tea',
  '林記茶行',
  'متجر الشاي',
  'the-second-shop-of-lin-tea@agora.example',
  'lin-tea',
];
