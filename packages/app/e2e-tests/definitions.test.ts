import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import {
  PODINFO,
  deployToDevelopment,
  expectNoBarriers,
  openAsGuest,
  useTheme,
} from './portal';

const PROVIDER = path.join(
  __dirname,
  '../../../examples/providers/simulator/provider.yaml',
);

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.beforeEach(({ page }) => useTheme(page, theme));

    test('policies tell what they ask for, and plans lead to them', async ({
      page,
    }) => {
      await openAsGuest(page, `${PODINFO}/deployments`);
      await page
        .getByRole('button', { name: 'Plan a deployment to Production' })
        .click();
      await page.getByRole('link', { name: 'Policy production-ready' }).click();
      await expect(page).toHaveURL(/\/policies\?search=production-ready$/);
      const policy = page.getByRole('article');
      await expect(policy).toHaveCount(1);
      await expect(policy).toContainText('environments of type production');
      await expect(
        policy.getByRole('row', { name: /^pinned-images/ }),
      ).toBeVisible();
      await page.getByRole('searchbox').fill('');
      await expect(
        page.getByRole('article', { name: 'Limits of memory' }),
      ).toBeVisible();
      await expectNoBarriers(page);
    });

    test('a changed provider is tried out on what is deployed', async ({
      page,
    }) => {
      await deployToDevelopment(page);
      await openAsGuest(page, '/innominatus/providers');
      await page
        .getByRole('link', { name: 'Try out a change of Simulator' })
        .click();
      await expect(page).toHaveURL(/\/impact\/providers\?file=/);
      await expectNoBarriers(page);
      const text = fs.readFileSync(PROVIDER, 'utf8');
      await page
        .getByLabel('YAML')
        .fill(text.replace('version: 1.0.0', 'version: 9.9.9'));
      await page
        .getByRole('button', { name: 'Show what would change' })
        .click();
      const application = page.getByRole('article', {
        name: 'development/podinfo',
      });
      await expect(
        application.getByRole('region', { name: 'postgres "db"' }),
      ).toContainText('simulator 1.0.0 → simulator 9.9.9');
      await page
        .getByRole('button', { name: /^Changed provider simulator/ })
        .click();
      await expect(
        page.getByRole('region', { name: 'Difference of simulator' }),
      ).toContainText('version: 9.9.9');
      await expectNoBarriers(page);
      await application
        .getByRole('link', { name: 'development/podinfo' })
        .click();
      await expect(page).toHaveURL(new RegExp(`${PODINFO}/deployments$`));
    });
  });
}

test('on a phone the menu leads to the pages, and tables keep their words', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/innominatus/environments');
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.getByRole('article', { name: 'Staging' })).toBeVisible();
  const { content, width } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    width: window.innerWidth,
  }));
  expect(content).toBeLessThanOrEqual(width);
  await page.getByRole('button', { name: 'Platform orchestrator' }).click();
  await page.getByRole('link', { name: 'Policies' }).click();
  await expect(
    page.getByRole('article', { name: 'Guardrails of the platform' }),
  ).toBeVisible();
});
