import { describe, expect, it } from 'vitest';
import { faults, importsIn, importsOfPage } from '../tiers';

/** What is wrong with a page of few files. */
const wrong = (files: Record<string, string[]>): string[] => faults(new Map(Object.entries(files)));

describe('the page', () => {
  it('keeps to its tiers, without a circle', () => {
    const imports = importsOfPage();
    expect(imports.size).toBeGreaterThan(100);
    expect(faults(imports)).toEqual([]);
  });
});

describe('an import', () => {
  it('is found however it is written', () => {
    const text = `<script lang="ts">
      import { a } from './a';
      import type {
        B,
      } from "../b";
      import './c.css';
      export * from './d';
      const e = await import('./e');
      export const from = 'nowhere';
    </script>`;
    expect(importsIn(text)).toEqual(['./a', '../b', './d', './c.css', './e']);
  });

  it('leads down or sideways, never up', () => {
    const page = {
      'app/app.svelte.ts': ['../features/inbox/context', '../lib/clock'],
      'features/inbox/context.ts': ['../../lib/clock', './keys'],
      'features/inbox/keys.ts': [],
      'lib/clock.ts': [],
    };
    expect(wrong(page)).toEqual([]);
    expect(wrong({ ...page, 'lib/clock.ts': ['../features/inbox/keys'] })).toEqual([
      'lib/clock.ts imports features/inbox/keys.ts: features is above lib',
    ]);
    expect(
      wrong({ ...page, 'features/inbox/keys.ts': ['../../app/theme'], 'app/theme.ts': [] }),
    ).toEqual(['features/inbox/keys.ts imports app/theme.ts: app is above features']);
  });

  it('stays within a feature, and within its room', () => {
    const rooms = { 'features/inbox/list/Row.svelte': [], 'features/inbox/store/rows.ts': [] };
    expect(wrong({ ...rooms, 'features/compose/kept.ts': ['../inbox/store/rows'] })).toEqual([
      'features/compose/kept.ts imports features/inbox/store/rows.ts: a feature imports no other',
    ]);
    expect(wrong({ ...rooms, 'features/inbox/head/Head.svelte': ['../store/rows'] })).toEqual([]);
    expect(wrong({ ...rooms, 'features/inbox/head/Head.svelte': ['../list/Row.svelte'] })).toEqual([
      'features/inbox/head/Head.svelte imports features/inbox/list/Row.svelte: a room imports no other but store',
    ]);
  });

  it('leaves Tauri and the choice of a backend where they belong', () => {
    expect(wrong({ 'backend/tauri.ts': ['@tauri-apps/api/core'] })).toEqual([]);
    expect(wrong({ 'app/app.svelte.ts': ['@tauri-apps/api/core'] })).toHaveLength(1);
    expect(wrong({ 'lib/x.ts': ['$backend'] })).toHaveLength(1);
    expect(wrong({ 'lib/x.ts': ['../backend/tauri'], 'backend/tauri.ts': [] })).toHaveLength(1);
  });

  it('closes no circle', () => {
    expect(wrong({ 'lib/a.ts': ['./b'], 'lib/b.ts': ['./c'], 'lib/c.ts': ['./b'] })).toEqual([
      'a circle: lib/b.ts → lib/c.ts → lib/b.ts',
    ]);
  });
});
