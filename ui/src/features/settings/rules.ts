/** The rules' pure part: what a new user has, and changes of one of them. */
import defaultPreferences from '../../bindings/default-preferences.json';
import type { Category } from '../../bindings/Category';
import type { CategoryRule } from '../../bindings/CategoryRule';
import type { Preferences } from '../../bindings/Preferences';
import type { QuietHours } from '../../bindings/QuietHours';
import type { Rules } from '../../bindings/Rules';

/** What a new user has, as Rust has it. */
export const DEFAULT_RULES = defaultPreferences.rules as Rules & {
  categories: Record<Category, CategoryRule>;
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
    rules.urgentMessagesPass === DEFAULT_RULES.urgentMessagesPass &&
    rules.hideContent === DEFAULT_RULES.hideContent
  );
}
