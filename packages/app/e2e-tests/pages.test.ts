import { expect, test } from '@playwright/test';
import { deployToDevelopment, openAsGuest } from './portal';

test('runs are listed, filtered by the address and opened by keyboard', async ({
  page,
}) => {
  await deployToDevelopment(page);
  await openAsGuest(page, '/innominatus/runs');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Runs');
  const run = page.getByRole('link', { name: /^Run \d+$/ }).first();
  await expect(run).toBeVisible();

  await page.goto('/innominatus/runs?status=failed&environment=nowhere');
  await expect(page.getByText('No run matches the filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(run).toBeVisible();

  await run.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/innominatus\/runs\/.+/);
});

test('golden paths lead to the form of the scaffolder', async ({ page }) => {
  await openAsGuest(page, '/innominatus/golden-paths');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Golden paths',
  );
  const run = page.getByRole('link', {
    name: 'Run Deploy a workload',
    exact: true,
  });
  await expect(run).toHaveAttribute(
    'href',
    '/create/templates/default/innominatus-deploy-app',
  );
});

test('the menu leads to the pages of the orchestrator', async ({ page }) => {
  await openAsGuest(page, '/');
  const menu = page.getByRole('navigation', { name: 'sidebar nav' });

  await menu.getByRole('link', { name: 'Golden paths' }).click();
  await expect(page).toHaveURL(/\/innominatus\/golden-paths$/);
  await menu.getByRole('link', { name: 'Runs' }).click();
  await expect(page).toHaveURL(/\/innominatus\/runs$/);
});
