import { Page, expect, test } from '@playwright/test';
import {
  PODINFO,
  deployToDevelopment,
  expectNoBarriers,
  openAsGuest,
  useTheme,
} from './portal';

async function expectSuccess(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/innominatus\/runs\//);
  const facts = page.getByRole('main').locator('dl').first();
  await expect(facts.getByText('Succeeded')).toBeVisible({ timeout: 60_000 });
}

test('a rollback is carried out from the page of its plan', async ({
  page,
}) => {
  // Three deployments, one after the other.
  test.slow();
  await deployToDevelopment(page);
  await deployToDevelopment(page);
  await openAsGuest(page, `${PODINFO}/deployments`);
  await page
    .getByRole('button', { name: /^Roll back to this: Development, #/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog', {
    name: /^Roll back development\/podinfo to #\d+$/,
  });
  await expect(dialog.getByText(/\d+ to keep/)).toBeVisible();
  await expectNoBarriers(page);

  await dialog.getByRole('link', { name: 'Open as a page' }).click();
  await expect(page).toHaveURL(/\/innominatus\/plans\//);
  await expect(
    page.getByRole('heading', { name: /^Roll back development\/podinfo/ }),
  ).toBeVisible();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: 'Roll back' }).click();
  await expectSuccess(page);
  await openAsGuest(page, `${PODINFO}/deployments`);
  await expect(
    page.getByRole('link', { name: /^#\d+ rollback$/ }).first(),
  ).toBeVisible();
});

test('what runs in one environment is promoted to the next', async ({
  page,
}) => {
  test.slow();
  await useTheme(page, 'dark');
  await deployToDevelopment(page);
  await openAsGuest(page, `${PODINFO}/deployments`);
  await page
    .getByRole('button', { name: 'Promote from Development to Staging' })
    .click();
  const dialog = page.getByRole('dialog', {
    name: 'Promote from development to staging/podinfo',
  });
  await expect(dialog.getByText('guardrails passed')).toBeVisible();
  await expectNoBarriers(page);
  await dialog.getByRole('button', { name: 'Promote' }).click();
  await expectSuccess(page);
  await openAsGuest(page, `${PODINFO}/deployments`);
  await expect(
    page.getByRole('link', { name: /^#\d+ promote$/ }).first(),
  ).toBeVisible();
});
