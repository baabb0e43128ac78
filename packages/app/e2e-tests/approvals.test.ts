import { expect, test } from '@playwright/test';
import {
  expectNoBarriers,
  openAsGuest,
  startRelease,
  useTheme,
} from './portal';

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.beforeEach(({ page }) => useTheme(page, theme));

    test('a run asks people, who find it and decide', async ({ page }) => {
      await openAsGuest(page, '/innominatus/golden-paths');
      const id = await startRelease(page, '4.5.6');

      await page
        .getByRole('navigation', { name: 'sidebar nav' })
        .getByRole('link', { name: 'Approvals' })
        .click();
      const question = page
        .getByRole('row')
        .filter({ hasText: 'Roll out 4.5.6 to everyone?' })
        .first();
      await expect(question).toBeVisible({ timeout: 30_000 });
      await expect(question.getByText('Waiting for approval')).toBeVisible();
      await expectNoBarriers(page);

      await page.goto(`/innominatus/runs/${id}`);
      const approve = page.getByRole('button', {
        name: 'Approve "Ask the platform team"',
      });
      await expect(approve).toBeVisible();
      await expectNoBarriers(page);
      await approve.click();
      const dialog = page.getByRole('dialog');
      await expect(dialog).toBeVisible();
      await expectNoBarriers(page);
      await dialog.getByLabel(/Reason/).fill('The error rate is low');
      await dialog.getByRole('button', { name: 'Approve' }).click();

      const reject = page.getByRole('button', {
        name: 'Reject "Remove the version before"',
      });
      await expect(reject).toBeVisible({ timeout: 30_000 });
      await reject.click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: 'Reject' })
        .click();
      await expect(
        page.getByText(/rejected step "remove-old"/).first(),
      ).toBeVisible({ timeout: 30_000 });
      await expectNoBarriers(page);
    });
  });
}
