import { expect, test } from '@playwright/test';
import { PODINFO, openAsGuest } from './portal';

test('a developer finds a component, deploys it and follows the run to its end', async ({
  page,
}) => {
  await openAsGuest(page, '/');
  await page.getByRole('link', { name: 'podinfo', exact: true }).click();
  await expect(
    page.getByRole('heading', { name: 'podinfo' }).first(),
  ).toBeVisible();
  await expect(
    page.getByRole('heading', { name: 'Deployment status' }),
  ).toBeVisible();

  await page
    .getByRole('tab', { name: 'Deployments' })
    .or(page.getByRole('link', { name: 'Deployments', exact: true }))
    .first()
    .click();
  await page.getByRole('button', { name: 'Deploy to Development' }).click();

  await expect(page).toHaveURL(/\/innominatus\/runs\//);
  await expect(
    page.getByRole('heading', { name: /^Run \d+ · .*development\/podinfo$/ }),
  ).toBeVisible();
  const facts = page.getByRole('main').locator('dl').first();
  await expect(facts.getByText('Succeeded')).toBeVisible({ timeout: 60_000 });

  const log = page.getByRole('region', { name: 'Log lines' });
  await expect(log.getByRole('listitem').first()).toBeVisible();
  await expect(log).toContainText('podinfo');

  await page.getByRole('tab', { name: 'Table' }).click();
  await expect(page).toHaveURL(/view=table/);
  const steps = page.getByRole('grid');
  await expect(steps.getByRole('link', { name: /render/i })).toBeVisible();
  await steps.getByRole('link', { name: /render/i }).click();
  await expect(page).toHaveURL(/step=render/);
});

test('a plan shows what would change and has a page of its own', async ({
  page,
}) => {
  await openAsGuest(page, `${PODINFO}/deployments`);
  await page
    .getByRole('button', { name: 'Plan a deployment to Staging' })
    .click();

  const dialog = page.getByRole('dialog', {
    name: /^Plan for staging\/podinfo/,
  });
  await expect(dialog.getByText(/\d+ to create/)).toBeVisible();
  await expect(dialog.getByText('postgres "db"')).toBeVisible();
  await dialog.getByRole('link', { name: 'Open as a page' }).click();

  await expect(page).toHaveURL(/\/innominatus\/plans\//);
  await expect(
    page.getByRole('heading', { name: 'Plan for staging/podinfo' }),
  ).toBeVisible();
  await expect(
    page.getByRole('button', { name: 'Deploy', exact: true }),
  ).toBeVisible();
});

test('production shows the plan before anything happens', async ({ page }) => {
  await openAsGuest(page, `${PODINFO}/deployments`);
  await page.getByRole('button', { name: 'Deploy to Production' }).click();

  const dialog = page.getByRole('dialog', {
    name: /^Plan for production\/podinfo/,
  });
  await expect(dialog.getByText(/\d+ to create/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a broken Score spec shows its errors instead of buttons', async ({
  page,
}) => {
  await openAsGuest(page, '/catalog/default/component/broken/deployments');

  await expect(page.getByText('The Score spec has errors')).toBeVisible();
  await expect(page.getByText(/imagee/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Deploy to/ })).toHaveCount(0);
});
