import { expect, test } from '@playwright/test';
import {
  PODINFO,
  deployToDevelopment,
  expectNoBarriers,
  openAsGuest,
  useTheme,
} from './portal';

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.beforeEach(({ page }) => useTheme(page, theme));

    test('the overview of a component has no barriers', async ({ page }) => {
      await openAsGuest(page, PODINFO);
      await expect(page.getByText('Development').first()).toBeVisible();
      await expectNoBarriers(page);
    });

    test('deployments and the plan have no barriers', async ({ page }) => {
      await openAsGuest(page, `${PODINFO}/deployments`);
      const plan = page.getByRole('button', {
        name: 'Plan a deployment to Staging',
      });
      await expect(plan).toBeVisible();
      await expectNoBarriers(page);

      await plan.click();
      await expect(page.getByText(/\d+ to create/)).toBeVisible();
      await expectNoBarriers(page);
    });

    test('the list of runs and a run have no barriers', async ({ page }) => {
      await deployToDevelopment(page);
      await openAsGuest(page, '/innominatus/runs');
      const run = page.getByRole('link', { name: /^Run \d+$/ }).first();
      await expect(run).toBeVisible();
      await expectNoBarriers(page);

      await run.click();
      await expect(
        page.getByRole('region', { name: 'Log lines' }),
      ).toBeVisible();
      for (const view of ['Timeline', 'Table', 'Graph']) {
        await page.getByRole('tab', { name: view }).click();
        await expectNoBarriers(page);
      }
    });

    test('golden paths have no barriers', async ({ page }) => {
      await openAsGuest(page, '/innominatus/golden-paths');
      await expect(
        page.getByRole('heading', {
          name: 'Deploy a workload',
          exact: true,
        }),
      ).toBeVisible();
      await expectNoBarriers(page);
    });
  });
}
