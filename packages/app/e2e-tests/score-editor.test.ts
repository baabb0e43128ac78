import { Page, expect, test } from '@playwright/test';
import { expectNoBarriers, openAsGuest, useTheme } from './portal';

const EARLIER = [
  'apiVersion: score.dev/v1b1',
  'metadata: { name: shop }',
  'containers:',
  '  web:',
  '    image: nginx:1.27',
  '    env: { PORT: 8080 }',
].join('\n');

/** Replaces the text the way a person does who pastes. */
async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Score file' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.beforeEach(({ page }) => useTheme(page, theme));

    test('a Score file is written, mended, looked at and planned', async ({
      page,
      baseURL,
    }) => {
      const foreign: string[] = [];
      page.on('request', request => {
        const { protocol, host } = new URL(request.url());
        if (/^https?:/.test(protocol) && host !== new URL(baseURL ?? '').host) {
          foreign.push(request.url());
        }
      });
      await openAsGuest(page, '/innominatus/score-editor');
      await expect(page.getByText('Valid: hello')).toBeVisible();
      await expectNoBarriers(page);

      await write(page, EARLIER);
      await expect(page.getByText(/^[1-9] errors?$/)).toBeVisible();
      await expect(page.locator('.cm-lintRange-error').first()).toBeVisible();
      await expect(page.locator('.cm-lint-marker-error')).toBeVisible();
      await expectNoBarriers(page);

      await page.getByRole('tab', { name: 'Migrate' }).click();
      await expect(
        page.getByText('Renamed "containers.web.env" to "variables".'),
      ).toBeVisible();
      await page.getByRole('radio', { name: 'Side by side' }).click();
      await expectNoBarriers(page);
      await page.getByRole('button', { name: 'Apply' }).click();
      await expect(page.getByText('Valid: shop')).toBeVisible();

      for (const tab of ['Graph', 'Manifests']) {
        await page.getByRole('tab', { name: tab }).click();
        await expectNoBarriers(page);
      }
      await expect(
        page.getByRole('region', { name: 'Deployment shop' }),
      ).toContainText('app.kubernetes.io/instance: development-shop');
      const download = page.waitForEvent('download');
      await page
        .getByRole('button', { name: 'Download manifests.yaml' })
        .click();
      expect((await download).suggestedFilename()).toBe('manifests.yaml');

      await page.getByRole('tab', { name: 'Plan' }).click();
      await page.getByRole('button', { name: /Environment/ }).click();
      await page.getByRole('option', { name: 'Development' }).click();
      await page.getByRole('button', { name: /^Plan shop/ }).click();
      await expect(page.getByText(/\d+ to create/)).toBeVisible();
      await expectNoBarriers(page);
      expect(foreign).toEqual([]);
    });

    test('the keyboard enters and leaves the editor', async ({ page }) => {
      await openAsGuest(page, '/innominatus/score-editor');
      const editor = page.getByRole('textbox', { name: 'Score file' });
      await editor.focus();
      await page.keyboard.press('ControlOrMeta+End');
      await page.keyboard.press('Tab');
      await expect(editor).toBeFocused();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      await expect(editor).not.toBeFocused();
      await expect(page.getByRole('tab', { name: /Problems/ })).toBeFocused();
    });
  });
}

test('rules are judged by the backend, so their language is not loaded', async ({
  page,
}) => {
  const scripts: Array<Promise<string>> = [];
  page.on('response', response => {
    if (response.request().resourceType() === 'script') {
      scripts.push(response.text().catch(() => ''));
    }
  });
  await openAsGuest(page, '/innominatus/score-editor?tab=manifests');
  await expect(
    page.getByRole('region', { name: 'Deployment hello' }),
  ).toBeVisible();
  await page.getByRole('link', { name: 'Policies' }).click();
  await expect(page.getByRole('article').first()).toBeVisible();
  const texts = await Promise.all(scripts);
  expect(texts.some(text => text.includes('score.dev/v1b1'))).toBe(true);
  // A kind of node of parsed CEL; 285 KB of code come with it.
  expect(texts.filter(text => text.includes('comprehensionExpr'))).toEqual([]);
});
