/** The rules' pure part: what a new user has, and changes of one of them. */
import type { Category } from '../../bindings/Category';
import type { CategoryRule } from '../../bindings/CategoryRule';
import type { Preferences } from '../../bindings/Preferences';
import type { QuietHours } from '../../bindings/QuietHours';
import type { Rules } from '../../bindings/Rules';

const loud: CategoryRule = { toast: true, sound: true, onlyUrgent: false };
const silent: CategoryRule = { ...loud, sound: false };

/** What a new user has; the same as in `receiver`. */
export const DEFAULT_RULES: Rules & { categories: Record<Category, CategoryRule> } = {
  categories: {
    orders: loud,
    delivery: loud,
    money: loud,
    chat: loud,
    security: loud,
    products: silent,
    store: silent,
    system: silent,
  },
  quiet: {
    on: false,
    days: [true, true, true, true, true, true, true],
    from: 22 * 60,
    to: 8 * 60,
  },
  urgentPasses: true,
  hideContent: false,
};

export const CATEGORIES = Object.keys(DEFAULT_RULES.categories) as readonly Category[];

/** A category's rule; the default where none is kept. */
export function ruleOf(rules: Rules, category: Category): CategoryRule {
  return rules.categories[category] ?? DEFAULT_RULES.categories[category];
}

export function withRules(from: Preferences, part: Partial<Rules>): Preferences {
  return { ...from, rules: { ...from.rules, ...part } };
}

export function withRule(
  from: Preferences,
  category: Category,
  part: Partial<CategoryRule>,
): Preferences {
  const rule = { ...ruleOf(from.rules, category), ...part };
  return withRules(from, { categories: { ...from.rules.categories, [category]: rule } });
}

export function withQuiet(from: Preferences, part: Partial<QuietHours>): Preferences {
  return withRules(from, { quiet: { ...from.rules.quiet, ...part } });
}

/** Whether these are what a new user has. */
export function areDefault(rules: Rules): boolean {
  const same = (a: CategoryRule, b: CategoryRule): boolean =>
    a.toast === b.toast && a.sound === b.sound && a.onlyUrgent === b.onlyUrgent;
  const { quiet } = DEFAULT_RULES;
  return (
    CATEGORIES.every((each) => same(ruleOf(rules, each), DEFAULT_RULES.categories[each])) &&
    rules.quiet.on === quiet.on &&
    rules.quiet.from === quiet.from &&
    rules.quiet.to === quiet.to &&
    rules.quiet.days.every(Boolean) &&
    rules.urgentPasses === DEFAULT_RULES.urgentPasses &&
    rules.hideContent === DEFAULT_RULES.hideContent
  );
}
