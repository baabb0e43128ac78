import AxeBuilder from '@axe-core/playwright';
import { Page, expect } from '@playwright/test';

export const PODINFO = '/catalog/default/component/podinfo';

/** Opens a page of the portal as guest. */
export async function openAsGuest(page: Page, path: string): Promise<void> {
  await page.goto(path);
  const sidebar = page.getByRole('navigation', { name: 'sidebar nav' });
  const enter = page.getByRole('button', { name: 'Enter' });
  await expect(sidebar.or(enter).first()).toBeVisible();
  if (await enter.isVisible()) {
    await enter.click();
  }
  await expect(sidebar).toBeVisible();
}

/** Takes a theme before the app starts. */
export async function useTheme(
  page: Page,
  theme: 'light' | 'dark',
): Promise<void> {
  await page.addInitScript(
    name => window.localStorage.setItem('theme', name),
    theme,
  );
}

/** Fails with every serious barrier that axe finds on the page as it is. */
export async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(node => `${node.target.join(' ')}: ${node.html}`),
    }));
  expect(serious).toEqual([]);
}
