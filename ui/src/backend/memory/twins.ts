/** A program in memory with all its accounts: which there are, which is shown, and what they are told of each other. */
import type { AccountEntry } from '../../bindings/AccountEntry';
import type { Calls } from '../../bindings/calls';
import type { PageEvent } from '../../bindings/PageEvent';
import type { Problem } from '../../bindings/Problem';
import type { Snapshot } from '../../bindings/Snapshot';
import type { Backend } from '../types';
import { Twin, type Beginning, type Peers } from './twin';

export class Twins implements Backend, Peers {
  /** How often the page has said that it has painted. */
  painting = 0;
  /** How often the window was to be closed. */
  closings = 0;
  readonly desktop = { starts: false };
  #all: Twin[];
  #shown: Twin;
  #listener: ((event: PageEvent) => void) | null = null;
  /** What was last told of the accounts. */
  #told = '';

  constructor(beginnings: readonly [Beginning, ...Beginning[]]) {
    const [first, ...others] = beginnings;
    this.#shown = new Twin(first, this);
    this.#all = [this.#shown, ...others.map((beginning) => new Twin(beginning, this))];
  }

  /** The account that is shown. */
  get shown(): Twin {
    return this.#shown;
  }

  /** One of the accounts. */
  twin(name: string): Twin {
    const found = this.#all.find((twin) => twin.name === name);
    if (found === undefined) throw new RangeError(`no account ${name}`);
    return found;
  }

  async attach(onEvent: (event: PageEvent) => void): Promise<void> {
    this.#listener = onEvent;
    this.#turn(this.#shown);
  }

  /** Chromium isn't told by anybody. */
  async paste(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {
    this.closings += 1;
  }

  async painted(): Promise<void> {
    this.painting += 1;
  }

  of(account: string): Calls {
    const twin = this.#all.find(({ name }) => name === account);
    return twin ?? new Proxy({} as Calls, { get: () => () => Promise.reject(gone) });
  }

  entries(): AccountEntry[] {
    const somebodys = this.#all.filter((twin) => twin.isSomebodys);
    return (somebodys.length > 0 ? somebodys : this.#all.slice(0, 1)).map(({ entry }) => entry);
  }

  changed(): void {
    const accounts = this.entries();
    const told = JSON.stringify(accounts);
    if (told === this.#told) return;
    this.#told = told;
    this.#shown.tellOfAccounts(accounts);
  }

  chosen(snapshot: Snapshot): void {
    for (const twin of this.#all) twin.share(snapshot);
  }

  show(account: string): void {
    const found = this.#all.find(({ name }) => name === account);
    if (found === undefined) throw gone;
    this.#turn(found);
  }

  add(): void {
    const free = this.#all.find((twin) => !twin.isSomebodys);
    this.#turn(free ?? this.#begin({ ...nobody, name: this.#freeName() }));
  }

  playDemo(): void {
    const played = this.#all.find(({ entry }) => entry.demo);
    const demo = { ...nobody, account: true, alerts: 7, demo: true, label: 'Demo' };
    this.#turn(played ?? this.#begin({ ...demo, name: this.#freeName() }));
  }

  left(account: string): void {
    this.#all = this.#all.filter(({ name }) => name === 'main' || name !== account);
    const [next] = this.entries();
    if (next !== undefined) this.show(next.name);
  }

  #begin(beginning: Beginning): Twin {
    const twin = new Twin(beginning, this);
    twin.share(this.#shown.snapshot);
    this.#all.push(twin);
    return twin;
  }

  #freeName(): string {
    let number = 2;
    while (this.#all.some(({ name }) => name === String(number))) number += 1;
    return String(number);
  }

  #turn(twin: Twin): void {
    this.#shown.detach();
    this.#shown = twin;
    if (this.#listener !== null) void twin.attach(this.#listener);
  }
}

const gone: Problem = { code: 'internal', message: 'there is no such account', fields: [] };

const nobody: Beginning = { account: false, alerts: 0, language: 'en', theme: 'system' };
