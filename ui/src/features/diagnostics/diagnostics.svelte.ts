/**
 * The diagnostics of one account: the connection's last day, kept up to date while they are open, what the
 * checks found, and the report.
 */
import { asProblem } from '../../backend/types';
import type { CheckView } from '../../bindings/CheckView';
import type { Calls } from '../../bindings/calls';
import type { Day } from '../../bindings/Day';
import type { PageEvent } from '../../bindings/PageEvent';
import type { Part } from '../../bindings/Part';
import type { Problem } from '../../bindings/Problem';
import type { Versions } from '../../bindings/Versions';

/** The parts in the order they are shown in, and which are asked for: the market's answer tells of three. */
export const PARTS: readonly Part[] = [
  'market',
  'sign_in',
  'clock',
  'stream',
  'toasts',
  'do_not_disturb',
  'tray',
  'keyring',
  'inbox',
  'disk',
];
const ASKED = PARTS.filter((part) => part !== 'sign_in' && part !== 'clock');

export class Diagnostics {
  day = $state.raw<Day | null>(null);
  versions = $state.raw<Versions | null>(null);
  checks = $state.raw<ReadonlyMap<Part, CheckView>>(new Map());
  /** Whether the checks are being run. */
  checking = $state(false);
  problem = $state.raw<Problem | null>(null);
  #isOpen = false;

  constructor(private readonly backend: Calls) {}

  /** Shows the day and runs the checks. Returns how to close them. */
  open(): () => void {
    this.#isOpen = true;
    void this.#begin();
    return () => {
      this.#isOpen = false;
      // Whether or not it is heard: another page closes them too.
      this.backend.closeDiagnostics().catch(() => undefined);
    };
  }

  /** Runs the checks one after another, as each takes the time of others. */
  async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      for (const part of ASKED) {
        if (!this.#isOpen) return;
        const found = await this.backend.check(part);
        this.checks = new Map([...this.checks, ...found.map((one) => [one.part, one] as const)]);
      }
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.checking = false;
    }
  }

  /** What whoever helps may see, as text. */
  async report(): Promise<string | null> {
    try {
      return await this.backend.report(webview());
    } catch (error) {
      this.problem = asProblem(error);
      return null;
    }
  }

  told(event: Extract<PageEvent, { type: 'day' | 'pulse' }>): void {
    if (event.type === 'day') {
      this.day = event.day;
      return;
    }
    if (this.day === null) return;
    const [minute] = event.minute;
    const before = this.day.minutes.filter(([begun]) => begun !== minute);
    const minutes = event.minute[1] > 0 ? [...before, event.minute] : before;
    this.day = { ...this.day, minutes, beats: event.beats };
  }

  async #begin(): Promise<void> {
    this.problem = null;
    try {
      const { day, versions } = await this.backend.openDiagnostics();
      this.day = day;
      this.versions = { ...versions, webview: webview() };
    } catch (error) {
      this.problem = asProblem(error);
      return;
    }
    await this.check();
  }
}

/** What this page runs in, as far as it says so itself. */
function webview(): string | null {
  const said = navigator.userAgent.match(/(?:Edg|Chrome|AppleWebKit|Version)\/[\d.]+/g);
  return said === null ? null : said.join(' ').replaceAll('/', ' ');
}
