/**
 * What Rust answers to what tests and pictures ask: looked up, never worked out. To ask something else,
 * add it to `resident/src/page/fixtures.rs`; what stands there has an answer here.
 */
import accounts from '../../bindings/fixtures/accounts.json';
import drafts from '../../bindings/fixtures/drafts.json';
import previews from '../../bindings/fixtures/previews.json';
import searches from '../../bindings/fixtures/searches.json';
import signIns from '../../bindings/fixtures/sign-ins.json';
import webSites from '../../bindings/fixtures/web-sites.json';
import defaultPreferences from '../../bindings/default-preferences.json';
import type { AccountForm } from '../../bindings/AccountForm';
import type { AccountView } from '../../bindings/AccountView';
import type { Draft } from '../../bindings/Draft';
import type { DraftCheck } from '../../bindings/DraftCheck';
import type { FieldError } from '../../bindings/FieldError';
import type { Found } from '../../bindings/Found';
import type { Language } from '../../bindings/Language';
import type { Subject } from '../../bindings/Subject';
import type { Preferences } from '../../bindings/Preferences';
import type { Rules } from '../../bindings/Rules';
import type { RulesPreview } from '../../bindings/RulesPreview';
import type { SignInForm } from '../../bindings/SignInForm';
import { toldIn, type Story, type Told } from './market';

interface Filled {
  account: AccountView | null;
  fields: FieldError[];
}

interface Chosen {
  /** The web site that is in use then. */
  inUse: string;
  fields: FieldError[];
}

/** What a search finds in an alert; `null`: it isn't among the hits. */
export type Finds = (story: Story) => Told<Found> | null;

/** The choices of a new user. */
export const defaults = defaultPreferences as Preferences;

const whose = ({
  baseUrl,
  userId,
  clientId,
}: Pick<AccountForm, 'baseUrl' | 'userId' | 'clientId'>) => written({ baseUrl, userId, clientId });

const filled = new Map(accounts.map((each) => [whose(each.form), each as Filled]));
const signingIn = ({ baseUrl, by, name, secret, twoFactorCode }: SignInForm) =>
  written({ baseUrl, by, name, secret, twoFactorCode });
const signedIn = new Map(
  (signIns as { form: SignInForm; fields: FieldError[] }[]).map((each) => [
    signingIn(each.form),
    each.fields,
  ]),
);
const chosen = new Map(webSites.map((each) => [each.webSite, each as Chosen]));
const checked = new Map(drafts.map(({ draft, check }) => [written(draft), check as DraftCheck]));
const sought = new Map(
  searches.map(({ search, found }) => [search, found as (Told<Found> | null)[]]),
);
const named = new Map(
  searches.map(({ search, subjects }) => [search, subjects as Told<Subject[]>]),
);
const previewed = new Map(
  previews.map(({ rules, preview }) => [written(rules), preview as RulesPreview]),
);

/** Whose account a form describes, or what is wrong with it. */
export function accountOf(form: Pick<AccountForm, 'baseUrl' | 'userId' | 'clientId'>): Filled {
  return answered(filled.get(whose(form)), 'account', form);
}

/** What is wrong with a sign-in, before the market is asked. */
export function signInOf(form: SignInForm): FieldError[] {
  return answered(signedIn.get(signingIn(form)), 'sign-in', form);
}

/** What is wrong with a web site, and which one is in use. */
export function webSiteOf(webSite: string | null): Chosen {
  return answered(chosen.get(webSite), 'web site', webSite);
}

/** What is wrong with a draft, what leaves, and how it will look. Of others nothing is known. */
export function checkOf(draft: Draft): DraftCheck {
  return checked.get(written(draft)) ?? { errors: [], json: null, looks: [] };
}

/** What rules would have done with forty alerts; of rules that aren't listed, what the usual ones would. */
export function previewOf(rules: Rules): RulesPreview {
  const preview = previewed.get(written(rules)) ?? previewed.get(written(defaults.rules));
  return answered(preview, 'rules', rules);
}

/** What is found of a text in each alert; `null` where it says nothing, and every alert is meant. */
export function foundBy(search: string): Finds | null {
  if (search.trim() === '') return null;
  const found = answered(sought.get(search), 'search', search);
  return ({ n }) => found[n] ?? null;
}

/**
 * The orders and people that a text names; the key of the newest alert of each is its story's place. Of
 * texts that aren't listed, such as one half typed, none.
 */
export function subjectsOf(text: string, language: Language): readonly Subject[] {
  const subjects = named.get(text);
  return subjects ? toldIn(subjects, language) : [];
}

/** As JSON, in which the order of names says nothing. */
function written(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function answered<T>(answer: T | undefined, what: string, asked: unknown): T {
  if (answer === undefined)
    throw new RangeError(`fixtures.rs lists no such ${what}: ${JSON.stringify(asked)}`);
  return answer;
}
