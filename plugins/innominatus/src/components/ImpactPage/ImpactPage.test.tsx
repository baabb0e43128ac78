import { Impact } from '@innominatus/backstage-plugin-innominatus-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  anEnvironment,
  fakeApi,
  pageOf,
  renderPage,
} from '../../__testUtils__';
import { ImpactPage } from './ImpactPage';

jest.setTimeout(60_000);

const location = {
  target: 'https://git.example/platform.git',
  state: 'current' as const,
  cached: false,
  definitions: [],
};

function anImpact(change: Partial<Impact> = {}): Impact {
  return {
    definitions: [
      {
        kind: 'Provider',
        name: 'simulator',
        change: 'changed',
        before: { version: '1.0.0' },
        after: { version: '1.1.0' },
        diff: '@@ -1,1 +1,1 @@\n-version: 1.0.0\n+version: 1.1.0',
      },
    ],
    problems: [],
    looked: 3,
    items: [
      {
        environment: 'staging',
        name: 'shop',
        entityRef: 'component:default/shop',
        resources: [
          {
            name: 'db',
            uid: 'postgres.default#shop.db',
            type: 'postgres',
            class: 'default',
            effect: 'update',
            before: { provider: 'simulator', version: '1.0.0' },
            after: { provider: 'simulator', version: '1.1.0' },
            params: [{ path: 'backups', after: true }],
            operations: [
              {
                operation: 'delete',
                before: 'drop',
                after: 'drop',
                steps: { added: ['backup'], removed: [], changed: ['drop'] },
              },
            ],
            outputs: { added: [], removed: ['url'] },
            also: ['hints'],
            issues: [],
          },
        ],
      },
    ],
    ...change,
  };
}

/** jsdom cannot read files. */
function aFile(text: string, name: string): File {
  return Object.assign(new File([text], name), { text: async () => text });
}

function open(
  api: Partial<InnominatusApi>,
  options: { subject?: string; query?: string } = {},
) {
  const { subject = 'providers', query = '' } = options;
  return renderPage(<ImpactPage />, {
    path: `/innominatus/impact/${subject}${query}`,
    mountPath: '/innominatus/impact/:subject',
    api: fakeApi({
      listEnvironments: async () => pageOf([anEnvironment()]),
      listLocations: async () => pageOf([location]),
      ...api,
    }),
  });
}

const ask = () =>
  screen.getByRole('button', { name: 'Show what would change' });

async function paste(text: string) {
  await userEvent.click(await screen.findByLabelText('YAML'));
  await userEvent.paste(text);
}

describe('ImpactPage', () => {
  it('lists every application and resource that a pasted file would change', async () => {
    const previewProviders = jest.fn(async () => anImpact());
    open({ previewProviders }, { query: '?file=simulator/provider.yaml' });

    await paste('kind: Provider');
    await userEvent.click(ask());
    expect(
      await screen.findByText(
        '1 of 3 applications would be deployed in another way',
      ),
    ).toBeVisible();
    expect(previewProviders).toHaveBeenCalledWith(
      expect.objectContaining({
        files: [{ name: 'simulator/provider.yaml', text: 'kind: Provider' }],
        location: undefined,
      }),
      expect.anything(),
    );
    const card = screen.getByRole('article', { name: 'staging/shop' });
    expect(
      within(card).getByRole('link', { name: 'staging/shop' }),
    ).toHaveAttribute('href', '/catalog/default/component/shop/deployments');
    const db = within(card).getByRole('region', { name: 'postgres "db"' });
    expect(within(db).getByRole('link')).toHaveAttribute(
      'href',
      '/innominatus/resources?environment=staging&workload=shop&type=postgres',
    );
    expect(db).toHaveTextContent('Is updated with the next deployment');
    expect(db).toHaveTextContent('simulator 1.0.0 → simulator 1.1.0');
    expect(db).toHaveTextContent('backups: not set → true');
    expect(db).toHaveTextContent('delete by drop, added backup, changed drop');
    expect(db).toHaveTextContent('removed url');

    await userEvent.click(
      screen.getByRole('button', {
        name: 'Changed provider simulator 1.0.0 → 1.1.0',
      }),
    );
    expect(
      await screen.findByRole('region', { name: 'Difference of simulator' }),
    ).toHaveTextContent('+version: 1.1.0');
  });

  it('sends chosen files, without those that were taken out again', async () => {
    const previewGoldenPaths = jest.fn(async () =>
      anImpact({ definitions: [], items: [] }),
    );
    const { container } = open(
      { previewGoldenPaths },
      { subject: 'golden-paths' },
    );
    await screen.findByRole('button', { name: 'Choose files' });
    await userEvent.click(ask());
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Choose a file, or paste one, first.',
    );
    expect(previewGoldenPaths).not.toHaveBeenCalled();
    const input = container.querySelector<HTMLInputElement>('input[type=file]');
    await userEvent.upload(input!, [
      aFile('kind: GoldenPath', 'one.yaml'),
      aFile('kind: Workflow', 'two.yaml'),
    ]);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Remove two.yaml' }),
    );
    await userEvent.click(ask());
    expect(
      await screen.findByText(
        'No application would be deployed in another way.',
      ),
    ).toBeVisible();
    expect(
      screen.getByText('No definition is different from what is in use.'),
    ).toBeVisible();
    expect(previewGoldenPaths).toHaveBeenCalledWith(
      expect.objectContaining({
        files: [{ name: 'one.yaml', text: 'kind: GoldenPath' }],
      }),
      expect.anything(),
    );
  });

  it('compares a branch of a location, and looks at more applications', async () => {
    const previewProviders = jest
      .fn()
      .mockResolvedValueOnce(anImpact({ nextCursor: 'next' }))
      .mockResolvedValueOnce(
        anImpact({
          looked: 2,
          items: [{ environment: 'staging', name: 'pay', resources: [] }],
        }),
      );
    open({ previewProviders });
    await userEvent.click(
      await screen.findByRole('radio', { name: 'A branch of a location' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: /Location/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: location.target }),
    );
    await userEvent.type(
      screen.getByLabelText('Branch, tag or commit'),
      'my-branch',
    );
    await userEvent.click(ask());
    await userEvent.click(
      await screen.findByRole('button', { name: 'Look at more applications' }),
    );
    expect(
      await screen.findByRole('article', { name: 'staging/pay' }),
    ).toBeVisible();
    expect(screen.getByRole('article', { name: 'staging/shop' })).toBeVisible();
    expect(
      screen.getByText('2 of 5 applications would be deployed in another way'),
    ).toBeVisible();
    expect(previewProviders.mock.calls.map(([request]) => request)).toEqual([
      expect.objectContaining({ location: location.target, ref: 'my-branch' }),
      expect.objectContaining({ ref: 'my-branch', cursor: 'next' }),
    ]);
  });

  it('says what is wrong with the change and what would be refused', async () => {
    const issue = {
      severity: 'error' as const,
      code: 'PARAMETER_NEEDED',
      message: 'The parameter "ticket" is new.',
      pointer: '',
      line: 4,
      column: 1,
      suggestions: [],
    };
    open({
      previewProviders: async () =>
        anImpact({
          problems: [{ ...issue, message: 'A workflow is missing.' }],
          items: [
            {
              environment: 'staging',
              name: 'shop',
              resources: [],
              goldenPath: {
                name: 'deploy-app',
                effect: 'refused',
                before: { version: '1.0.0' },
                steps: { added: [], removed: ['render'], changed: [] },
                parameters: { added: ['ticket'], removed: [], changed: [] },
                issues: [issue],
              },
            },
          ],
        }),
    });
    await paste('kind: GoldenPath');
    await userEvent.click(ask());
    expect(await screen.findByText(/A workflow is missing/)).toBeVisible();
    const path = screen.getByRole('region', { name: 'Golden path deploy-app' });
    expect(path).toHaveTextContent('Could not be deployed any more');
    expect(path).toHaveTextContent('1.0.0 → gone');
    expect(path).toHaveTextContent('removed render');
    expect(path).toHaveTextContent('The parameter "ticket" is new.');
  });

  it('keeps what was written when the question is refused', async () => {
    open({
      previewProviders: async () =>
        Promise.reject(new Error('The location has no branches.')),
    });
    await paste('kind: Provider');
    await userEvent.click(ask());
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The location has no branches.',
    );
    await waitFor(() =>
      expect(screen.getByLabelText('YAML')).toHaveValue('kind: Provider'),
    );
  });
});
