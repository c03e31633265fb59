/**
 * What a call of each name answers, in the ordinary case and where it fails: the same of every
 * backend. It asks for nothing but a backend and a few alerts, and knows no test runner, so that it
 * can be asked in a window too.
 */
import { PAGE_LIMIT, asProblem } from '../src/backend/types';
import type { AccountEntry } from '../src/bindings/AccountEntry';
import type { AccountForm } from '../src/bindings/AccountForm';
import type { Calls } from '../src/bindings/calls';
import type { SignInForm } from '../src/bindings/SignInForm';
import type { Draft } from '../src/bindings/Draft';
import type { List } from '../src/bindings/List';
import type { PageEvent } from '../src/bindings/PageEvent';
import type { Preferences } from '../src/bindings/Preferences';
import type { Problem } from '../src/bindings/Problem';
import type { ProblemCode } from '../src/bindings/ProblemCode';
import type { Snapshot } from '../src/bindings/Snapshot';
import type { Which } from '../src/bindings/Which';

/** A backend with one account, `main`, and at least five alerts, of which the newest has a link that opens. */
export interface World {
  /** What that account is asked. */
  readonly backend: Calls;
  /** What any is asked. */
  of(account: string): Calls;
  /** What the page was told, newest last. */
  readonly told: readonly PageEvent[];
  /** Lets so many ms pass. */
  later(ms: number): Promise<void>;
}

export interface Clause {
  readonly name: string;
  /** Whether it takes longer than anybody wants to wait for a clock that isn't played. */
  readonly long?: boolean;
  keeps(world: World): Promise<void>;
}

const everything: List = {
  category: null,
  unread: false,
  urgent: false,
  starred: false,
  reminders: false,
  fromMs: null,
  toMs: null,
  toldMs: null,
  search: '',
};
const MINUTE = 60_000;
/** How long it takes at most until something is told, and after how long it is looked at again. */
const PATIENCE = 10_000;
const STEP = 50;

/** No alert has it: keys are times. */
const GONE = -1;

export const contract: readonly Clause[] = [
  {
    name: 'attach tells everything first',
    async keeps({ told }) {
      equal(told[0]?.type, 'snapshot');
      const { account, preferences, webSite } = snapshotOf(told);
      holds(account !== null, 'there is an account');
      equal(preferences.webSite, null);
      holds(webSite.startsWith('http'), webSite);
    },
  },
  {
    name: 'inboxPage gives pages from the newest on, each alert once',
    async keeps({ backend }) {
      const all = await backend.inboxPage({ list: everything, seek: newest, limit: PAGE_LIMIT });
      const ids = all.alerts.map(({ id }) => id);
      equal(
        ids,
        [...ids].sort((a, b) => b - a),
      );
      const first = await backend.inboxPage({ list: everything, seek: newest, limit: 2 });
      equal(first.alerts, all.alerts.slice(0, 2));
      equal(first.next, ids[1]);
      const seek = { seek: 'older_than', id: ids[1]! } as const;
      const second = await backend.inboxPage({ list: everything, seek, limit: 1 });
      equal(second.alerts, all.alerts.slice(2, 3));
      const back = { seek: 'newer_than', id: ids[2]! } as const;
      const newer = await backend.inboxPage({ list: everything, seek: back, limit: 2 });
      equal(newer.alerts, all.alerts.slice(0, 2));
    },
  },
  {
    name: 'inboxPage gives one row at least, and no more than a page',
    async keeps({ backend }) {
      for (const [limit, most] of [
        [0, 1],
        [PAGE_LIMIT + 1, PAGE_LIMIT],
      ] as const) {
        const { alerts } = await backend.inboxPage({ list: everything, seek: newest, limit });
        holds(alerts.length >= 1 && alerts.length <= most, `${alerts.length} of ${limit}`);
      }
    },
  },
  {
    name: 'inboxPage ends with nothing to go on from',
    async keeps({ backend }) {
      const seek = { seek: 'older_than', id: 0 } as const;
      const page = await backend.inboxPage({ list: everything, seek, limit: 10 });
      equal(page, { alerts: [], next: null });
    },
  },
  {
    name: 'a search marks what it found, and nothing where there is nothing',
    async keeps({ backend }) {
      const [row] = await newestRows(backend);
      const word = /\p{L}{3,}/u.exec(row!.title)![0];
      const list = { ...everything, search: word.toUpperCase() };
      const found = await backend.inboxPage({ list, seek: newest, limit: 10 });
      const hit = found.alerts.find(({ id }) => id === row!.id);
      const pieces = hit?.found?.title ?? [];
      equal(pieces.map(({ text }) => text).join(''), row!.title);
      holds(
        pieces.some((piece) => piece.hit && piece.text.includes(word)),
        `${word} is marked`,
      );
      const none = { ...everything, search: 'no alert says this' };
      equal((await backend.inboxPage({ list: none, seek: newest, limit: 10 })).alerts, []);
    },
  },
  {
    name: 'subjects names what a text names, with the newest alert of each, and else nothing',
    async keeps({ backend }) {
      for (const { name, newest } of await backend.subjects('陳')) {
        holds(name.includes('陳'), name);
        equal((await backend.alert(newest.id)).row, newest);
      }
      equal(await backend.subjects('no alert says this'), []);
    },
  },
  {
    name: 'alert gives the row of the list and all the rest, and refuses one that is gone',
    async keeps({ backend }) {
      const [row] = await newestRows(backend);
      equal((await backend.alert(row!.id)).row, row);
      await refused('inbox', backend.alert(GONE));
    },
  },
  {
    name: 'mark marks what is meant, tells of it, and passes over what is gone',
    async keeps({ backend, told, later }) {
      const [row] = await newestRows(backend);
      const before = told.length;
      await backend.mark(ids(row!.id, GONE), !row!.read);
      equal((await backend.alert(row!.id)).row.read, !row!.read);
      await until(later, 'it is told', () =>
        told.slice(before).some((event) => event.type === 'marked' && event.ids.includes(row!.id)),
      );
      await backend.mark(ids(row!.id), row!.read);
      equal((await newestRows(backend))[0], row);
    },
  },
  {
    name: 'mark spares what is newer than the newest that was seen',
    async keeps({ backend }) {
      const [first, second] = await newestRows(backend);
      await backend.mark(ids(first!.id, second!.id), false);
      await backend.mark({ which: 'matching', list: everything, upTo: second!.id }, true);
      equal(
        (await newestRows(backend)).map(({ read }) => read),
        [false, true, true],
      );
    },
  },
  {
    name: 'deleteAlerts takes out, undoDelete brings back as it was, once',
    async keeps({ backend, told, later }) {
      const rows = await newestRows(backend);
      const before = told.length;
      const { deletion, problem } = await backend.deleteAlerts(ids(rows[0]!.id));
      equal(problem, null);
      holds(deletion !== null, 'it can be undone');
      await refused('inbox', backend.alert(rows[0]!.id));
      equal((await newestRows(backend))[0], rows[1]);
      await until(later, 'it is told', () =>
        told
          .slice(before)
          .some((event) => event.type === 'deleted' && event.ids.includes(rows[0]!.id)),
      );
      await backend.undoDelete(deletion!);
      equal(await newestRows(backend), rows);
      await refused('too_late', backend.undoDelete(deletion!));
    },
  },
  {
    name: 'markAllRead marks, undoMarkAll makes those unread again and no other, once',
    async keeps({ backend, told, later }) {
      const before = await newestRows(backend);
      await backend.mark(ids(before[0]!.id), true);
      await backend.mark(ids(before[1]!.id, before[2]!.id), false);
      const rows = await newestRows(backend);
      const few = ids(before[0]!.id, before[1]!.id, before[2]!.id);
      const { marking, problem } = await backend.markAllRead(few);
      equal(problem, null);
      holds(marking !== null, 'it can be undone');
      equal(
        (await newestRows(backend)).slice(0, 3).map(({ read }) => read),
        [true, true, true],
      );
      const since = told.length;
      await backend.undoMarkAll(marking!);
      equal(await newestRows(backend), rows);
      await until(later, 'it is told', () =>
        told
          .slice(since)
          .some(
            (event) => event.type === 'marked' && !event.read && !event.ids.includes(before[0]!.id),
          ),
      );
      await refused('too_late', backend.undoMarkAll(marking!));
    },
  },
  {
    name: 'undoDelete undoes each deletion by itself',
    async keeps({ backend }) {
      const rows = await newestRows(backend);
      const first = await backend.deleteAlerts(ids(rows[0]!.id));
      const second = await backend.deleteAlerts(ids(rows[1]!.id));
      holds(first.deletion !== second.deletion, 'they are two');
      await backend.undoDelete(first.deletion!);
      equal((await newestRows(backend)).slice(0, 2), [rows[0], rows[2]]);
      await backend.undoDelete(second.deletion!);
      equal(await newestRows(backend), rows);
    },
  },
  {
    name: 'undoDelete refuses what was never deleted',
    async keeps({ backend }) {
      await refused('too_late', backend.undoDelete(GONE));
      const { deletion, problem } = await backend.deleteAlerts(ids(GONE));
      equal(problem, null);
      if (deletion !== null) await refused('too_late', backend.undoDelete(deletion));
    },
  },
  {
    name: 'undoDelete is too late after a minute, and not before',
    long: true,
    async keeps({ backend, later }) {
      const rows = await newestRows(backend);
      const early = await backend.deleteAlerts(ids(rows[0]!.id));
      await later(MINUTE - 1_000);
      await backend.undoDelete(early.deletion!);
      const late = await backend.deleteAlerts(ids(rows[0]!.id));
      await later(MINUTE + 1_000);
      await refused('too_late', backend.undoDelete(late.deletion!));
      equal((await newestRows(backend))[0], rows[1]);
    },
  },
  {
    name: 'openLink opens what is the market’s own, and nothing of an alert that is gone',
    async keeps({ backend }) {
      const [row] = await newestRows(backend);
      equal((await backend.alert(row!.id)).link?.opens, 'at_once');
      await backend.openLink(row!.id, false);
      await refused('inbox', backend.openLink(GONE, true));
    },
  },
  {
    name: 'checkDraft says how a good draft will look',
    async keeps({ backend }) {
      const check = await backend.checkDraft(draft('Tea'));
      equal(check.errors, []);
      equal(JSON.parse(check.json ?? ''), { title: 'Tea', content: '', isUrgent: false });
      equal(
        check.looks.map(({ language, toast, alert }) => [
          language,
          toast.title,
          alert.row.category,
        ]),
        [
          ['en', 'Tea', 'system'],
          ['zh-TW', 'Tea', 'system'],
        ],
      );
    },
  },
  {
    name: 'checkDraft names what is wrong, field by field',
    async keeps({ backend }) {
      const check = await backend.checkDraft(draft('', 'htp://wrong'));
      equal(broken(check.errors), ['title required', 'link link']);
      equal([check.json, check.looks], [null, []]);
    },
  },
  {
    name: 'checkDraft says where JSON is wrong',
    async keeps({ backend }) {
      const text = '{\n  "title": "Tea"\n  "content": ""\n}';
      const { errors } = await backend.checkDraft({ ...draft(''), body: { type: 'json', text } });
      equal(broken(errors), ['json json_syntax']);
      equal(errors[0]?.line, 3);
      const wrong = '{\n  "title": "Tea",\n  "link": "htp://wrong",\n  "isUrgent": "yes"\n}';
      const marked = await backend.checkDraft({
        ...draft(''),
        body: { type: 'json', text: wrong },
      });
      equal(broken(marked.errors), ['link link', 'urgent not_truth']);
      equal(
        marked.errors.map(({ line, column }) => [line, column]),
        [
          [3, 11],
          [4, 15],
        ],
      );
      const empty = { ...draft(''), body: { type: 'json', text: '' } } as const;
      equal(broken((await backend.checkDraft(empty)).errors), ['json required']);
    },
  },
  {
    name: 'send refuses a draft that is wrong, and sends nothing',
    async keeps({ backend }) {
      const { fields } = await refused('invalid', backend.send(draft('')));
      equal(broken(fields), ['title required']);
    },
  },
  {
    name: 'liveUser refuses what is no user id',
    async keeps({ backend }) {
      const { fields } = await refused('invalid', backend.liveUser(' '));
      equal(broken(fields), ['user_id required']);
    },
  },
  {
    name: 'setPreferences keeps what was chosen and says so in a snapshot',
    async keeps({ backend, told, later }) {
      const { preferences } = snapshotOf(told);
      const chosen: Preferences = { ...preferences, language: 'zh-TW', keepDays: null };
      await backend.setPreferences(chosen);
      await until(later, 'it is told', () => isSame(snapshotOf(told).preferences, chosen));
      equal(snapshotOf(told).language, 'zh-TW');
      await backend.setPreferences(preferences);
      await until(later, 'it is undone', () => isSame(snapshotOf(told).preferences, preferences));
    },
  },
  {
    name: 'setPreferences refuses a web site that is none, and leaves all as it was',
    async keeps({ backend, told, later }) {
      const { preferences, webSite } = snapshotOf(told);
      const wrong: Preferences = { ...preferences, theme: 'dark', webSite: 'http://tea.example' };
      const { fields } = await refused('invalid', backend.setPreferences(wrong));
      equal(broken(fields), ['web_site http_needs_loopback']);
      await later(STEP);
      equal(snapshotOf(told).preferences, preferences);
      equal(snapshotOf(told).webSite, webSite);
    },
  },
  {
    name: 'setPreferences takes a size of text, a hidden start and the keys together',
    async keeps({ backend, told, later }) {
      const { preferences } = snapshotOf(told);
      const chosen = { ...preferences, textSize: 125, startHidden: false, singleLetters: false };
      await backend.setPreferences(chosen);
      await until(later, 'it is told', () => isSame(snapshotOf(told).preferences, chosen));
      await backend.setPreferences(preferences);
      await until(later, 'it is undone', () => isSame(snapshotOf(told).preferences, preferences));
    },
  },
  {
    name: 'startWithComputer is what startsWithComputer then says',
    async keeps({ backend }) {
      const before = await backend.startsWithComputer();
      await backend.startWithComputer(!before);
      equal(await backend.startsWithComputer(), !before);
      await backend.startWithComputer(!before);
      equal(await backend.startsWithComputer(), !before);
      await backend.startWithComputer(before);
      equal(await backend.startsWithComputer(), before);
    },
  },
  {
    name: 'snooze is told with its end, and with none when it is off',
    async keeps({ backend, told, later }) {
      await backend.snooze('half_hour');
      await until(later, 'it is told', () => snapshotOf(told).snoozedUntilMs !== null);
      const left = (snapshotOf(told).snoozedUntilMs ?? 0) - Date.now();
      holds(Math.abs(left - 30 * MINUTE) < MINUTE, `${left} ms`);
      await backend.snooze('off');
      await until(later, 'it is over', () => snapshotOf(told).snoozedUntilMs === null);
    },
  },
  {
    name: 'previewRules counts every alert once',
    async keeps({ backend, told }) {
      const { rules } = snapshotOf(told).preferences;
      const { total, shown, sounded, muted } = await backend.previewRules(rules);
      const unshown = muted.reduce((sum, { count }) => sum + count, 0);
      equal(shown + unshown, total);
      holds(sounded <= shown, `${sounded} of ${shown}`);
    },
  },
  {
    name: 'saveAccount names all that is wrong, and keeps the account there is',
    async keeps({ backend, told, later }) {
      const before = snapshotOf(told).account;
      const form: AccountForm = {
        baseUrl: 'http://market.example/api',
        userId: 'tea',
        clientId: null,
        token: null,
        keepIn: 'keyring',
      };
      const { fields } = await refused('invalid', backend.saveAccount(form));
      equal(broken(fields), ['base_url http_needs_loopback', 'user_id malformed']);
      await later(STEP);
      equal(snapshotOf(told).account, before);
    },
  },
  {
    name: 'signIn names all that is missing, and keeps the account there is',
    async keeps({ backend, told, later }) {
      const before = snapshotOf(told).account;
      const form: SignInForm = {
        baseUrl: 'http://market.example/api',
        by: 'password',
        name: '',
        secret: '',
        twoFactorCode: null,
        keepIn: 'keyring',
      };
      const { fields } = await refused('invalid', backend.signIn(form));
      equal(broken(fields), ['base_url http_needs_loopback', 'name required', 'password required']);
      await later(STEP);
      equal(snapshotOf(told).account, before);
    },
  },
  {
    name: 'addAccount turns to one that is nobody’s, showAccount back, and a call is of the account it names',
    async keeps({ backend, of, told, later }) {
      const { accounts } = snapshotOf(told);
      equal([accounts.length, accounts[0]?.name], [1, 'main']);
      const shown = await add({ backend, of, told, later });
      const { account, counts } = snapshotOf(told);
      equal([account, counts.total], [null, 0]);
      equal(snapshotOf(told).accounts, accounts);
      // Whichever is shown.
      equal((await newestRows(backend)).length, 3);
      const none = await of(shown).inboxPage({ list: everything, seek: newest, limit: 3 });
      equal(none.alerts, []);
      await refused('inbox', of(shown).alert((await newestRows(backend))[0]!.id));
      await of(shown).showAccount('main');
      await until(later, 'the first is', () => snapshotOf(told).shown === 'main');
      await backend.addAccount();
      await until(later, 'the same again', () => snapshotOf(told).shown === shown);
      await backend.showAccount('main');
      await until(later, 'the first is', () => snapshotOf(told).shown === 'main');
    },
  },
  {
    name: 'nothing of an account is told while another is shown, but how it is in short',
    async keeps({ backend, of, told, later }) {
      const [row] = await newestRows(backend);
      const shown = await add({ backend, of, told, later });
      const [from, unread] = [told.length, toldOfAccounts(told)[0]?.unread];
      await backend.mark(ids(row!.id), !row!.read);
      await until(later, 'it is told', () => toldOfAccounts(told)[0]?.unread !== unread);
      const others = told.slice(from).filter((event) => !isSnapshotOf(event, shown));
      equal([...new Set(others.map(({ type }) => type))], ['accounts']);
      await backend.mark(ids(row!.id), row!.read);
      // A further account that is left with its inbox is gone, and another is shown.
      await of(shown).forgetAccount(true);
      await until(later, 'the first is shown', () => snapshotOf(told).shown === 'main');
      await refused('internal', of(shown).reconnect());
    },
  },
  {
    name: 'a call of an account that isn’t there is refused, and showing it too',
    async keeps({ backend, of, told }) {
      await refused('internal', of('nobody').reconnect());
      await refused('internal', backend.showAccount('nobody'));
      equal(snapshotOf(told).shown, 'main');
    },
  },
  {
    name: 'renameAccount is told, and refuses what is no name',
    async keeps({ backend, told, later }) {
      const before = toldOfAccounts(told)[0]!.label;
      await backend.renameAccount(' 林記 ');
      await until(later, 'it is told', () => toldOfAccounts(told)[0]?.label === '林記');
      equal(broken((await refused('invalid', backend.renameAccount(' '))).fields), [
        'label required',
      ]);
      const long = 'a'.repeat(61);
      equal(broken((await refused('invalid', backend.renameAccount(long))).fields), [
        'label too_long',
      ]);
      await backend.renameAccount(before);
      await until(later, 'it is undone', () => toldOfAccounts(told)[0]?.label === before);
    },
  },
  {
    name: 'openDiagnostics gives a whole day of stretches without a gap, which is told of until it is closed',
    async keeps({ backend, told, later }) {
      const { day, versions } = await backend.openDiagnostics();
      equal(day.toMs - day.fromMs, 24 * 60 * MINUTE);
      const ends = day.stretches.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
      equal([ends[0], ends.at(-1)], [day.fromMs, day.toMs]);
      for (let n = 2; n < ends.length; n += 2) equal(ends[n], ends[n - 1]);
      holds(versions.app !== '' && versions.sqlite !== '', JSON.stringify(versions));
      await backend.closeDiagnostics();
      const before = told.length;
      await backend.pause('until_connected', false);
      await backend.pause('off', false);
      await later(STEP);
      equal(
        told.slice(before).filter(({ type }) => type === 'day' || type === 'pulse'),
        [],
      );
    },
  },
  {
    name: 'check says of a part how it is, and of the market three',
    async keeps({ backend }) {
      const market = await backend.check('market');
      equal(
        market.map(({ part }) => part),
        ['market', 'sign_in', 'clock'],
      );
      const [disk] = await backend.check('disk');
      equal([disk?.part, disk?.verdict], ['disk', 'good']);
      holds(disk!.text.length > 0, 'it says so');
    },
  },
  {
    name: 'report is a text with versions, and takes no text of the page’s for one',
    async keeps({ backend }) {
      holds((await backend.report(null)).includes('- app: '), 'it names the app');
    },
  },
  {
    name: 'pause is told, and the end of it',
    async keeps({ backend, told, later }) {
      const state = (): string | undefined => {
        const last = told.findLast(({ type }) => type === 'status');
        return last?.type === 'status' ? last.status.state : undefined;
      };
      await backend.pause('until_connected', false);
      await until(later, 'it is paused', () => state() === 'paused');
      await backend.pause('off', false);
      await until(later, 'it goes on', () => state() !== 'paused');
    },
  },
  {
    name: 'showExport has nothing to show before an export',
    async keeps({ backend }) {
      await refused('export', backend.showExport());
    },
  },
  {
    name: 'exportInbox says where it wrote how many',
    async keeps({ backend }) {
      const list = { ...everything, search: 'no alert says this' };
      const none = await backend.exportInbox(list, 'csv');
      equal(none.count, 0);
      holds(none.path.endsWith('.csv'), none.path);
      const all = await backend.exportInbox(everything, 'json_lines');
      holds(all.count >= 3 && all.path.endsWith('.jsonl'), `${all.count} in ${all.path}`);
    },
  },
];

const newest = { seek: 'newest' } as const;

/** Turns to an account that is nobody's yet. Its inbox is open a moment after it is shown. */
async function add({ backend, of, told, later }: World): Promise<string> {
  await backend.addAccount();
  await until(later, 'it is shown', () => snapshotOf(told).shown !== 'main');
  const { shown } = snapshotOf(told);
  const page = { list: everything, seek: newest, limit: 1 };
  await until(later, 'its inbox is open', () =>
    of(shown)
      .inboxPage(page)
      .then(
        () => true,
        () => false,
      ),
  );
  return shown;
}

function isSnapshotOf(event: PageEvent, account: string): boolean {
  return event.type === 'snapshot' && event.snapshot.shown === account;
}

/** The three newest. */
async function newestRows(backend: Calls) {
  const { alerts } = await backend.inboxPage({ list: everything, seek: newest, limit: 3 });
  equal(alerts.length, 3);
  return alerts;
}

function ids(...ids: number[]): Which {
  return { which: 'ids', ids };
}

function draft(title: string, link = ''): Draft {
  const fields = { kind: '', title, content: '', link, urgent: false, translations: [], more: [] };
  return { to: { type: 'everyone' }, body: { type: 'form', ...fields } };
}

const broken = (fields: Problem['fields']): string[] =>
  fields.map(({ field, rule }) => `${field} ${rule}`);

function snapshotOf(told: readonly PageEvent[]): Snapshot {
  const event = told.findLast(({ type }) => type === 'snapshot');
  if (event?.type !== 'snapshot') throw new Error('there was no snapshot');
  return event.snapshot;
}

/** What was last told of the accounts. */
function toldOfAccounts(told: readonly PageEvent[]): readonly AccountEntry[] {
  const last = told.findLast(({ type }) => type === 'snapshot' || type === 'accounts');
  if (last?.type === 'accounts') return last.accounts;
  return last?.type === 'snapshot' ? last.snapshot.accounts : [];
}

/** The problem that a call was refused with. */
async function refused(code: ProblemCode, call: Promise<unknown>): Promise<Problem> {
  const problem = await call.then(() => null, asProblem);
  equal(problem?.code, code);
  return problem!;
}

function holds(is: boolean, what: string): void {
  if (!is) throw new Error(`not so: ${what}`);
}

function equal(actual: unknown, expected: unknown): void {
  if (!isSame(actual, expected))
    throw new Error(`${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What the page is told may come a moment after the answer. */
async function until(
  later: World['later'],
  what: string,
  is: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let waited = 0; !(await is()); waited += STEP) {
    holds(waited < PATIENCE, what);
    await later(STEP);
  }
}
