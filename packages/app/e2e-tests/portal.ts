import AxeBuilder from '@axe-core/playwright';
import { Locator, Page, expect } from '@playwright/test';
import { Api } from './api';

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
  const api = await Api.signIn(page.request);
  const { id } = await api.call<{ id: string }>(
    '/golden-paths/staged-release/runs',
    { parameters: { version } },
  );
  return id;
}

/**
 * Opens a dialog by keyboard and looks at it: the focus goes into it, it has no
 * barriers, Escape closes it, and the focus is back where it came from. Answers
 * the dialog, which is closed by then.
 */
export async function expectGoodDialog(
  page: Page,
  options: {
    button: Locator;
    /** Row of a table that the button is the last thing of; it is reached by arrow keys. */
    row?: Locator;
    /** What is there once everything in it was loaded. */
    ready?: (dialog: Locator) => Locator;
  },
): Promise<Locator> {
  const { button, row, ready } = options;
  const dialog = page.getByRole('dialog');
  await (row ?? button).focus();
  if (row) {
    await page.keyboard.press('ArrowLeft');
  }
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  if (ready) {
    await expect(ready(dialog)).toBeVisible();
  }
  const focused = page.locator('[role=dialog]:focus, [role=dialog] :focus');
  await expect(focused).toHaveCount(1);
  await expectNoBarriers(page);
  await page.keyboard.press('Tab');
  await expect(focused).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  // A table may give it to another part of the row.
  await expect
    .poll(() =>
      (row ?? button).evaluate(target =>
        target.contains(document.activeElement),
      ),
    )
    .toBe(true);
  return dialog;
}
