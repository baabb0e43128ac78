import AxeBuilder from '@axe-core/playwright';
import { Page, expect } from '@playwright/test';

export const PODINFO = '/catalog/default/component/podinfo';

/** Opens a page of the portal as guest. */
export async function openAsGuest(page: Page, path: string): Promise<void> {
  await page.goto(path);
  const menu = page
    .getByRole('navigation', { name: 'sidebar nav' })
    .getByRole('link', { name: 'Runs' });
  const enter = page.getByRole('button', { name: 'Enter' });
  await expect(menu.or(enter).first()).toBeVisible();
  if (await enter.isVisible()) {
    await enter.click();
  }
  await expect(menu).toBeVisible();
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

const LONGEST_ANIMATION_MS = 1000;

/** Fails with every serious barrier that axe finds on the page as it is. */
export async function expectNoBarriers(page: Page): Promise<void> {
  // What is still fading in has no contrast yet. Spinners never end.
  await page.evaluate(async longestMs => {
    const over = new Promise(resolve => setTimeout(resolve, longestMs));
    const still = document
      .getAnimations()
      .filter(animation => animation.playState === 'running')
      .map(animation => animation.finished.catch(() => undefined));
    await Promise.race([over, Promise.all(still)]);
  }, LONGEST_ANIMATION_MS);
  const { violations } = await new AxeBuilder({ page })
    // Backstage's own link: the number of what is unread is not in its name.
    .exclude('a[href="/notifications"]')
    // Backstage's own toast: its title has a little too little contrast.
    .exclude('[class*="Toast_title"]')
    // React Aria's log for screen readers: it keeps what was said about buttons
    // that are gone.
    .exclude('[data-live-announcer]')
    .analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(node => `${node.target.join(' ')}: ${node.html}`),
    }));
  expect(serious).toEqual([]);
}

/** Deploys podinfo with one click and waits on its run until it has ended well. */
export async function deployToDevelopment(page: Page): Promise<void> {
  await openAsGuest(page, `${PODINFO}/deployments`);
  await page.getByRole('button', { name: 'Deploy to Development' }).click();
  await expect(page).toHaveURL(/\/innominatus\/runs\//);
  const facts = page.getByRole('main').locator('dl').first();
  await expect(facts.getByText('Succeeded')).toBeVisible({ timeout: 60_000 });
}

/** Starts a run that asks people, as the guest, and answers its id. */
export async function startRelease(
  page: Page,
  version: string,
): Promise<string> {
  const signIn = await page.request.post('/api/auth/guest/refresh', {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  });
  const { backstageIdentity } = await signIn.json();
  const started = await page.request.post(
    '/api/innominatus/v1/golden-paths/staged-release/runs',
    {
      headers: { Authorization: `Bearer ${backstageIdentity.token}` },
      data: { parameters: { version } },
    },
  );
  expect(started.status()).toBe(202);
  return (await started.json()).id;
}
