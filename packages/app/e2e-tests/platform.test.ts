import { expect, test } from '@playwright/test';
import {
  deployToDevelopment,
  expectGoodDialog,
  expectNoBarriers,
  openAsGuest,
  useTheme,
} from './portal';

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.beforeEach(({ page }) => useTheme(page, theme));

    test('environments tell their rules and lead to their runs', async ({
      page,
    }) => {
      await openAsGuest(page, '/innominatus/environments');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(
        'Environments',
      );
      const production = page.getByRole('article', { name: 'Production' });
      await expect(production).toBeVisible();
      await expectNoBarriers(page);
      await production.getByRole('link', { name: /^Runs in/ }).click();
      await expect(page).toHaveURL(/\/runs\?environment=production$/);
    });

    test('an environment is made for a branch, and ended', async ({ page }) => {
      await openAsGuest(page, '/innominatus/environments');
      const create = page.getByRole('button', {
        name: 'New short-lived environment',
      });
      const dialog = await expectGoodDialog(page, { button: create });
      await create.press('Enter');
      const branch = `${theme}-${Date.now().toString(36)}`;
      await dialog.getByRole('textbox', { name: 'Branch' }).fill(branch);
      await dialog.getByLabel('Lives for').fill('30d');
      await expect(dialog.getByText('At most 7 d are allowed.')).toBeVisible();
      await expectNoBarriers(page);
      await dialog.getByLabel('Lives for').fill('1h');
      await dialog.getByRole('button', { name: 'Create' }).click();
      const card = page.getByRole('article', { name: `branch ${branch}` });
      await expect(card).toBeFocused();
      await expect(card.getByText('Expires')).toBeVisible();

      const end = card.getByRole('button', { name: /^End/ });
      await expectGoodDialog(page, {
        button: end,
        ready: shown => shown.getByText('Nothing is in it.'),
      });
      await end.press('Enter');
      await dialog.getByLabel('Reason').fill('Merged');
      await dialog.getByRole('button', { name: 'End environment' }).click();
      await expect(dialog).toBeHidden();
      await expect(card).toBeHidden();
    });

    test('a resource shows its life, and a secret for a reason', async ({
      page,
    }) => {
      // A deployment first, then two pages and a dialog to look at.
      test.slow();
      await deployToDevelopment(page);
      await openAsGuest(
        page,
        '/innominatus/resources?environment=development&state=active',
      );
      const resource = page
        .getByRole('link', { name: 'postgres "db"', exact: true })
        .first();
      await expect(resource).toBeVisible();
      await expectNoBarriers(page);

      await resource.focus();
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(/\/innominatus\/resources\/.+/);
      await expect(
        page.getByRole('heading', { name: 'States it went through' }),
      ).toBeVisible();
      await expect(page.getByRole('cell', { name: 'Active' })).toBeVisible();
      await expectNoBarriers(page);

      const reveal = page.getByRole('button', { name: 'Reveal password' });
      await reveal.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/Reason/).fill('A test in the browser');
      await expectNoBarriers(page);
      await dialog.getByRole('button', { name: 'Reveal' }).click();
      await expect(
        dialog.getByRole('group', { name: 'Value' }),
      ).not.toContainText('••••');
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(reveal).toBeFocused();
    });

    test('providers tell what they provide and are read again', async ({
      page,
    }) => {
      await openAsGuest(page, '/innominatus/providers');
      const simulator = page.getByRole('article').first();
      await expect(simulator.getByText('In use')).toBeVisible();
      await expectNoBarriers(page);
      await page.getByRole('button', { name: 'Read again' }).click();
      await expect(page.getByText(/providers? (is|are) in use/)).toBeVisible();
    });
  });
}
