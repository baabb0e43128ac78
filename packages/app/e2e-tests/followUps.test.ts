import { Page, expect, test } from '@playwright/test';
import {
  expectNoBarriers,
  openAsGuest,
  startRelease,
  useTheme,
} from './portal';

/** The one of two states of a run that is shown beside its name. */
async function expectStatus(page: Page, status: string): Promise<void> {
  const facts = page.getByRole('main').locator('dl').first();
  await expect(facts.getByText(status).first()).toBeVisible({
    timeout: 30_000,
  });
}

/** Starts a release whose question is answered with no, and opens it. */
async function failRelease(page: Page, version: string): Promise<string> {
  await openAsGuest(page, '/innominatus/golden-paths');
  const id = await startRelease(page, version);
  await page.goto(`/innominatus/runs/${id}`);
  const reject = page.getByRole('button', {
    name: 'Reject "Ask the platform team"',
  });
  await expect(reject).toBeVisible({ timeout: 30_000 });
  await reject.click();
  const decision = page.getByRole('dialog');
  await decision.getByLabel(/Reason/).fill('The error rate is high');
  await decision.getByRole('button', { name: 'Reject' }).click();
  await expectStatus(page, 'Failed');
  return id;
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.beforeEach(({ page }) => useTheme(page, theme));

    test('a run that failed can be retried after a preview', async ({
      page,
    }) => {
      const id = await failRelease(page, '7.8.9');
      await page.getByRole('button', { name: 'Undo' }).first().click();
      const undo = page.getByRole('dialog');
      await expect(undo.getByText('Undone, in this order')).toBeVisible();
      await expect(undo.getByText('Roll out to a few')).toBeVisible();
      await expectNoBarriers(page);
      await undo.getByRole('button', { name: 'Close' }).last().click();

      await page.getByRole('button', { name: 'Retry' }).first().click();
      const retry = page.getByRole('dialog');
      await expect(retry.getByText('Kept, with their outputs')).toBeVisible();
      await expect(retry.getByText('Ask the platform team')).toBeVisible();
      await expectNoBarriers(page);
      await retry.getByRole('button', { name: 'Retry' }).click();
      await expect(page).not.toHaveURL(new RegExp(id));
      await expect(page.getByText(/Retry of run/).first()).toBeVisible();
      // What had succeeded is not done again: the question is there at once.
      await expect(
        page.getByRole('button', { name: 'Reject "Ask the platform team"' }),
      ).toBeVisible({ timeout: 30_000 });
      await expectNoBarriers(page);
    });

    test('a run that failed is undone', async ({ page }) => {
      const id = await failRelease(page, '7.8.10');
      await page.getByRole('button', { name: 'Undo' }).first().click();
      const undo = page.getByRole('dialog');
      await expect(undo.getByText('Roll out to a few').first()).toBeVisible();
      for (const box of await undo.getByRole('checkbox').all()) {
        await box.check({ force: true });
      }
      await undo.getByRole('button', { name: 'Undo' }).click();
      await expect(page).not.toHaveURL(new RegExp(id));
      await expect(page.getByText(/Undo of run/).first()).toBeVisible();
      await expectStatus(page, 'Succeeded');
      await expectNoBarriers(page);
    });
  });
}
