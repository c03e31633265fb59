/** Everything that left or was to leave: what the ledger holds, kept up to date while it is being sent. */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { Exported } from '../../bindings/Exported';
import type { LineView } from '../../bindings/LineView';
import type { Problem } from '../../bindings/Problem';
import type { SendingView } from '../../bindings/SendingView';

export class Sent {
  /** The newest first; `null` until they were read. */
  sendings = $state.raw<readonly SendingView[] | null>(null);
  more = $state.raw(false);
  text = $state('');
  /** The one that is open, and its recipients. */
  openId = $state.raw<number | null>(null);
  lines = $state.raw<readonly LineView[]>([]);
  moreLines = $state.raw(false);
  exported = $state.raw<Exported | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Counts up at each reading, so that an answer that comes late is dropped. */
  #turn = 0;

  constructor(private readonly backend: Calls) {}

  get open(): SendingView | null {
    return this.sendings?.find(({ id }) => id === this.openId) ?? null;
  }

  /** Reads the newest. */
  async read(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    await this.#try(async () => {
      const page = await this.backend.sentPage({ text: this.text, state: null, before: null });
      if (turn !== this.#turn) return;
      this.sendings = page.sendings;
      this.more = page.more;
    });
  }

  /** Reads those before the last. */
  async readMore(): Promise<void> {
    const turn = this.#turn;
    const before = this.sendings?.at(-1)?.id ?? null;
    await this.#try(async () => {
      const page = await this.backend.sentPage({ text: this.text, state: null, before });
      if (turn !== this.#turn) return;
      this.sendings = [...(this.sendings ?? []), ...page.sendings];
      this.more = page.more;
    });
  }

  async show(id: number | null): Promise<void> {
    this.openId = id;
    this.lines = [];
    this.moreLines = false;
    this.exported = null;
    await this.readLines();
  }

  /** Reads the recipients behind those that are shown. */
  async readLines(): Promise<void> {
    const id = this.openId;
    if (id === null) return;
    await this.#try(async () => {
      const page = await this.backend.sentLines(id, null, this.lines.at(-1)?.line ?? 0);
      if (id !== this.openId) return;
      this.lines = [...this.lines, ...page.lines];
      this.moreLines = page.more;
    });
  }

  /** Something is being sent, or has just ended. */
  told(changed: readonly SendingView[]): void {
    if (this.sendings === null) return;
    const known = new Map(changed.map((sending) => [sending.id, sending]));
    const isNew = changed.some(({ id }) => !this.sendings?.some((sending) => sending.id === id));
    this.sendings = this.sendings.map((sending) => known.get(sending.id) ?? sending);
    if (isNew) void this.read();
    const open = this.openId === null ? undefined : known.get(this.openId);
    if (open !== undefined && open.state !== 'running') void this.show(open.id);
  }

  async act(
    what: 'pauseSending' | 'stopSending' | 'resumeSending' | 'retryRefused' | 'undoSending',
    id: number,
  ): Promise<void> {
    await this.#try(async () => {
      await this.backend[what](id);
      await this.read();
      if (this.openId === id) await this.show(id);
    });
  }

  async export(id: number): Promise<void> {
    await this.#try(async () => {
      this.exported = await this.backend.exportSent(id);
    });
  }

  async #try(deed: () => Promise<void>): Promise<void> {
    try {
      this.problem = null;
      await deed();
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}
