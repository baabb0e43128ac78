import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import { aDeployment, aPlan, fakeApi, renderPage } from '../../__testUtils__';
import { PlanDialog } from './PlanDialog';

const subject = {
  environment: 'development',
  name: 'podinfo',
  entityRef: 'component:default/podinfo',
};

function open(api: Partial<InnominatusApi>) {
  const onClose = jest.fn();
  const rendered = renderPage(
    <PlanDialog subject={subject} onClose={onClose} />,
    { api: fakeApi(api) },
  );
  return { ...rendered, onClose };
}

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, status: 409 });
}

describe('PlanDialog', () => {
  it('shows what would change, down to the lines of the manifests', async () => {
    open({ plan: async () => aPlan() });

    const dialog = await screen.findByRole('dialog', {
      name: 'Plan for development/podinfo',
    });
    expect(await within(dialog).findByText('1 to create')).toBeVisible();
    expect(within(dialog).getByText('postgres "db"')).toBeVisible();
    expect(
      within(dialog).getByText('a.example.com → b.example.com'),
    ).toBeVisible();
    expect(within(dialog).getByText('about 1 m 35 s')).toBeVisible();

    await userEvent.click(
      within(dialog).getByRole('button', {
        name: 'Update Deployment podinfo (apps/v1)',
      }),
    );
    const diff = await within(dialog).findByRole('region', {
      name: 'Changes of Deployment podinfo',
    });
    expect(diff).toHaveTextContent('- image: podinfo:6.7.0');
    expect(diff).toHaveTextContent('+ image: podinfo:6.7.1');
  });

  it('puts what destroys data on top, in words', async () => {
    const [resource] = aPlan().resources;
    open({
      plan: async () =>
        aPlan({
          resources: [{ ...resource, action: 'delete' }],
          summary: { create: 0, update: 0, keep: 0, delete: 1 },
        }),
    });

    expect(await screen.findByText('postgres "db" is deleted.')).toBeVisible();
  });

  it('says who makes a resource, and destroys nothing that was there already', async () => {
    const [resource] = aPlan().resources;
    open({
      plan: async () =>
        aPlan({
          resources: [
            { ...resource, management: 'delegated' },
            {
              ...resource,
              uid: 'archive.default#old',
              name: 'old',
              action: 'delete',
              management: 'external',
            },
          ],
          summary: { create: 1, update: 0, keep: 0, delete: 1 },
        }),
    });

    expect(await screen.findByText('delegated: made outside')).toBeVisible();
    expect(screen.getByText('external: was there already')).toBeVisible();
    expect(screen.queryByText('postgres "old" is deleted.')).toBeNull();
  });

  it('closes once the deployment has started', async () => {
    const { onClose } = open({
      plan: async () => aPlan(),
      deploy: async () => aDeployment(),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Deploy' }),
    );

    await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  });

  it('offers the new plan when the old one is no longer true', async () => {
    const plan = jest
      .fn()
      .mockResolvedValueOnce(aPlan())
      .mockResolvedValue(
        aPlan({
          id: 'plan-2',
          hash: 'ffff',
          summary: { create: 7, update: 0, keep: 0, delete: 0 },
        }),
      );
    const deploy = jest
      .fn()
      .mockRejectedValueOnce(refusal('PLAN_CHANGED', 'The plan changed.'))
      .mockResolvedValue(aDeployment());
    open({ plan, deploy });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Deploy' }),
    );
    expect(await screen.findByText('7 to create')).toBeVisible();
    expect(
      screen.getByText('Something changed since this plan was made'),
    ).toBeVisible();

    await userEvent.click(screen.getByRole('button', { name: 'Deploy' }));
    await waitFor(() =>
      expect(deploy).toHaveBeenLastCalledWith(
        expect.anything(),
        expect.objectContaining({ planHash: 'ffff' }),
        { idempotencyKey: 'plan-plan-2' },
      ),
    );
  });

  it('keeps the plan in sight when the deployment is refused', async () => {
    const { onClose } = open({
      plan: async () => aPlan(),
      deploy: async () =>
        Promise.reject(refusal('LOCKED', 'Deployment #41 is still running.')),
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Deploy' }),
    );

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Deployment #41 is still running.',
    );
    expect(screen.getByText('1 to create')).toBeVisible();
    expect(onClose).not.toHaveBeenCalled();
  });

  it('shows the findings when there can be no plan, and tries again', async () => {
    const error = Object.assign(new Error('The Score spec has 1 error.'), {
      code: 'SCORE_INVALID',
      issues: [
        {
          severity: 'error',
          code: 'SCORE_UNKNOWN_RESOURCE',
          message: 'There is no resource "database".',
          pointer: '/containers/web',
          line: 8,
          column: 3,
          suggestions: [],
        },
      ],
    });
    const plan = jest
      .fn()
      .mockRejectedValueOnce(error)
      .mockResolvedValue(aPlan());
    open({ plan });

    expect(await screen.findByText('Line 8')).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Deploy' }),
    ).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('1 to create')).toBeVisible();
  });

  it('asks whoever may deploy to a frozen environment for the reason', async () => {
    const deploy = jest.fn(async () => aDeployment());
    open({
      deploy,
      plan: async () =>
        aPlan({
          allowedActions: {
            deploy: { allowed: true },
            overrideFreeze: { allowed: true },
          },
        }),
    });

    const reason = await screen.findByRole('textbox', {
      name: /development is frozen. Why now\?/,
    });
    expect(
      screen.getByRole('button', { name: /Deploy. The environment is frozen/ }),
    ).toHaveAttribute('aria-disabled', 'true');
    await userEvent.type(reason, 'The shop is down ');
    await userEvent.click(screen.getByRole('button', { name: 'Deploy' }));
    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        expect.anything(),
        expect.objectContaining({ overrideFreeze: 'The shop is down' }),
        expect.anything(),
      ),
    );
  });

  it('tells others at the button that the environment is frozen', async () => {
    const reason = 'The environment "development" is frozen until tomorrow.';
    open({
      plan: async () =>
        aPlan({
          allowedActions: {
            deploy: { allowed: false, reason },
            overrideFreeze: { allowed: false },
          },
        }),
    });

    expect(
      await screen.findByRole('button', { name: `Deploy. ${reason}` }),
    ).toBeVisible();
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
  });

  it('asks for the image that the Score spec leaves open, and deploys with it', async () => {
    const imageMissing = Object.assign(
      new Error('The Score spec has 1 error.'),
      {
        code: 'SCORE_INVALID',
        issues: [
          {
            severity: 'error',
            code: 'SCORE_IMAGE_MISSING',
            message: 'container has no image',
            pointer: '/containers/web/image',
            line: 6,
            column: 12,
            suggestions: [],
          },
        ],
      },
    );
    const plan = jest
      .fn()
      .mockRejectedValueOnce(imageMissing)
      .mockResolvedValue(aPlan());
    const deploy = jest.fn(async () => aDeployment());
    open({ plan, deploy });

    const field = await screen.findByRole('textbox', { name: /Image/ });
    expect(
      screen.getByRole('button', { name: 'Plan with this image' }),
    ).toBeDisabled();
    await userEvent.type(field, 'ghcr.io/acme/shop:1.4.2{Enter}');
    expect(await screen.findByText('1 to create')).toBeVisible();
    const image = 'ghcr.io/acme/shop:1.4.2';
    expect(plan).toHaveBeenLastCalledWith(
      expect.anything(),
      expect.objectContaining({ image }),
    );
    expect(
      screen.getByRole('link', { name: 'Open as a page' }).getAttribute('href'),
    ).toContain(`image=${encodeURIComponent(image)}`);
    await userEvent.click(screen.getByRole('button', { name: 'Deploy' }));
    await waitFor(() =>
      expect(deploy).toHaveBeenCalledWith(
        expect.anything(),
        expect.objectContaining({ image }),
        expect.anything(),
      ),
    );
  });

  it('links to the plan as a page', async () => {
    open({ plan: async () => aPlan() });

    expect(
      await screen.findByRole('link', { name: 'Open as a page' }),
    ).toHaveAttribute(
      'href',
      '/innominatus/plans/plan-1?entityRef=component%3Adefault%2Fpodinfo',
    );
  });
});
