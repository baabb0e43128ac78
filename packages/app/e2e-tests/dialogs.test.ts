import { expect, test } from '@playwright/test';
import { Api } from './api';
import {
  PODINFO,
  expectGoodDialog,
  openAsGuest,
  startRelease,
  useTheme,
} from './portal';

/** What the dialogs are about; made once, and taken away at the end. */
interface Made {
  tried: string;
  reviewed: string;
  failedRun: string;
  resource: string;
  removalPlan: string;
}

let api: Api;
const made = {} as Made;

function aScore(name: string, params: object) {
  return {
    apiVersion: 'score.dev/v1b1',
    metadata: { name },
    containers: { web: { image: 'example.org/web:1.0.0' } },
    resources: { db: { type: 'postgres', params } },
  };
}

test.beforeAll(async ({ playwright }, { project }) => {
  const { baseURL } = project.use;
  api = await Api.signIn(await playwright.request.newContext({ baseURL }));
  const suffix = Date.now().toString(36);
  const tried = `tried-${suffix}`;
  const reviewed = `reviewed-${suffix}`;
  await api.call('/environments', { name: tried, type: 'testing' });
  await api.call('/environments', {
    name: reviewed,
    type: 'testing',
    rules: { approval: { quorum: 1 } },
  });
  await api.call(`/applications/${reviewed}/podinfo/deployments`, {
    action: 'deploy',
    entityRef: 'component:default/podinfo',
  });
  const [failedRun] = await Promise.all([
    api.deploy(tried, aScore('failing', { failWith: 'No room' })),
    api.deploy(tried, aScore('drifting', { drift: 'changed', driftAfter: 0 })),
  ]);
  await api.call(`/applications/${tried}/drifting/drift/check`, {});
  const resources = await api.call<{ items: Array<{ id: string }> }>(
    `/resources?filter[environment]=${tried}&filter[workload]=drifting`,
  );
  const plan = await api.call<{ id: string }>(
    `/applications/${tried}/drifting/plans`,
    { action: 'delete' },
  );
  Object.assign(made, {
    tried,
    reviewed,
    failedRun,
    resource: resources.items[0].id,
    removalPlan: plan.id,
  } satisfies Made);
});

test.afterAll(async () => {
  await api.removeEnvironment(made.reviewed);
  await api.removeEnvironment(made.tried);
});

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme, by keyboard`, () => {
    test.beforeEach(({ page }) => useTheme(page, theme));

    test('the ways on from a failure are looked at first', async ({ page }) => {
      await openAsGuest(page, `/innominatus/runs/${made.failedRun}`);
      const recovery = page.getByRole('region', { name: /^What deployment #/ });
      await expectGoodDialog(page, {
        button: recovery.getByRole('button', { name: 'Resume' }),
        ready: dialog => dialog.getByRole('button', { name: 'Retry' }),
      });
      await expectGoodDialog(page, {
        button: recovery.getByRole('button', { name: 'Undo deployment' }),
        ready: dialog => dialog.getByText(/\d+ to delete/),
      });
    });

    test('drift is accepted, a secret shown, and an application removed after a question', async ({
      page,
    }) => {
      await openAsGuest(page, `/innominatus/resources/${made.resource}`);
      await expectGoodDialog(page, {
        button: page.getByRole('button', {
          name: 'Accept what is there of db',
        }),
      });
      await expectGoodDialog(page, {
        button: page.getByRole('button', { name: 'Reveal password' }),
      });
      await page.goto(`/innominatus/plans/${made.removalPlan}`);
      await expectGoodDialog(page, {
        button: page.getByRole('button', { name: 'Delete', exact: true }),
        ready: dialog =>
          dialog.getByRole('button', { name: 'Delete', disabled: false }),
      });
    });

    test('a question is answered or taken back, and a run cancelled', async ({
      page,
    }) => {
      await openAsGuest(page, `${PODINFO}/deployments`);
      const withdraw = page.getByRole('button', {
        name: `Withdraw: ${made.reviewed}, #1`,
      });
      await expectGoodDialog(page, {
        button: withdraw,
        row: page.getByRole('row').filter({ has: withdraw }),
      });
      const run = await startRelease(page, '1.2.3');
      await page.goto(`/innominatus/runs/${run}`);
      await expectGoodDialog(page, {
        button: page.getByRole('button', {
          name: 'Reject "Ask the platform team"',
        }),
      });
      const cancel = page.getByRole('button', { name: 'Cancel run' });
      const dialog = await expectGoodDialog(page, { button: cancel });
      await cancel.press('Enter');
      await dialog.getByLabel(/Reason/).fill('Only looked at');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect(dialog).toBeHidden();
    });
  });
}
