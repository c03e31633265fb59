import { describe, expect, it } from 'vitest';
import { fail, kept, sections } from './settings';
import { asked, hook, stage } from './stage';

const settings = sections(stage());

describe('keeping', () => {
  it('asks before a shorter time deletes, and keeps a longer one at once', async () => {
    const page = await settings('data');
    const select = hook(page, 'keep-days');
    expect(await select.inputValue()).toBe('90');
    await select.selectOption('365');
    await page.getByText('Alerts older than 365 days are deleted.').waitFor();
    await page.getByText('kept longer: 1,460 days (four times as long').waitFor();
    await select.selectOption('30');
    await page.getByText('Delete alerts older than 30 days?').waitFor();
    expect((await kept(page)).map(({ keepDays }) => keepDays)).toEqual([365]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await select.inputValue()).toBe('365');
    await select.selectOption('30');
    await page.locator('[data-testid="keep-days-less"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await hook(page, 'keep-days-less').waitFor({ state: 'detached' });
    await select.selectOption('null');
    await page.getByText('Alerts stay until you delete them.').waitFor();
    expect((await kept(page)).map(({ keepDays }) => keepDays)).toEqual([365, 30, null]);
  });

  it('asks before a smaller inbox deletes, and lets a larger one be at once', async () => {
    const page = await settings('data');
    const select = hook(page, 'keep-size');
    expect(await select.inputValue()).toBe('1024');
    expect(await select.locator('option').allInnerTexts()).toEqual([
      '256 MiB',
      '512 MiB',
      '1 GiB',
      '2 GiB',
      '4 GiB',
      'No limit',
    ]);
    await select.selectOption('2048');
    await select.selectOption('256');
    await page.getByText('Let the inbox take 256 MiB at most?').waitFor();
    expect((await kept(page)).map(({ keepMib }) => keepMib)).toEqual([2048]);
    await hook(page, 'keep-size-less').click();
    await hook(page, 'keep-size-less').waitFor({ state: 'detached' });
    await select.selectOption('null');
    await page.getByText('It grows as long as there is space').waitFor();
    expect((await kept(page)).map(({ keepMib }) => keepMib)).toEqual([2048, 256, null]);
  });

  it('shows what really holds when it could not be kept', async () => {
    const page = await settings('data');
    await fail(page, 'setPreferences');
    await hook(page, 'keep-days').selectOption('365');
    await hook(page, 'failed').waitFor();
    expect(await hook(page, 'keep-days').inputValue()).toBe('90');
  });
});

describe('the export', () => {
  it('says how much is where, and shows it', async () => {
    const page = await settings('data');
    await hook(page, 'export-json').click();
    await page.getByText('40 alerts were written to:').waitFor();
    expect(await hook(page, 'export-path').innerText()).toMatch(/\.jsonl$/);
    await hook(page, 'export-show').click();
    expect(await asked(page, 'exportInbox')).toMatchObject([
      { format: 'json_lines', list: { category: null, unread: false, search: '' } },
    ]);
    expect(await asked(page, 'showExport')).toHaveLength(1);
  });

  it('says why there is none, and why it is not shown', async () => {
    const page = await settings('data');
    await fail(page, 'exportInbox', 'inbox');
    await hook(page, 'export-csv').click();
    await page.getByText('the disk is full').waitFor();
    expect(await hook(page, 'export-show').count()).toBe(0);
    await hook(page, 'export-csv').click();
    await fail(page, 'showExport', 'internal');
    await hook(page, 'export-show').click();
    await page.getByText('Something went wrong in the app.').waitFor();
  });
});

describe('deleting everything', () => {
  it('wants a typed word, in both languages, and nothing else does', async () => {
    for (const [language, word] of [
      ['en', 'Delete'],
      ['zh-TW', '刪除'],
    ] as const) {
      const page = await settings('data', `language=${language}`);
      await hook(page, 'delete-everything').click();
      await page.locator('[data-testid="delete-input"]:focus').waitFor();
      expect(await hook(page, 'delete-confirm').isDisabled()).toBe(true);
      await page.keyboard.press('Enter');
      await page.keyboard.type('everything');
      await page.keyboard.press('Enter');
      expect(await asked(page, 'deleteEverything')).toEqual([]);
      await hook(page, 'delete-input').fill(word);
      await page.keyboard.press('Enter');
      await hook(page, 'delete-everything').waitFor();
      expect(await asked(page, 'deleteEverything')).toHaveLength(1);
      expect(await hook(page, 'delete-everything').isDisabled()).toBe(true);
    }
  });

  it('says what it touches and what not, and can be left with Escape', async () => {
    const page = await settings('data');
    await hook(page, 'delete-everything').click();
    await page.getByText('Delete all 40 alerts for good?').waitFor();
    await page.getByText("What the market keeps isn't touched").waitFor();
    await page.keyboard.press('Escape');
    await hook(page, 'delete-input').waitFor({ state: 'detached' });
    expect(await asked(page, 'deleteEverything')).toEqual([]);
  });

  it('says why it failed, where it was asked', async () => {
    const page = await settings('data');
    await fail(page, 'deleteEverything', 'inbox');
    await hook(page, 'delete-everything').click();
    await hook(page, 'delete-input').fill('delete');
    await hook(page, 'delete-confirm').click();
    await page.getByText("The inbox can't be read or written.").waitFor();
    expect(await hook(page, 'delete-input').count()).toBe(1);
  });
});
