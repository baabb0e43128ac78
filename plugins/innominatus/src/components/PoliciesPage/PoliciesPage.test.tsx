import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import { aPolicy, fakeApi, pageOf, renderPage } from '../../__testUtils__';
import { PoliciesPage } from './PoliciesPage';

jest.setTimeout(30_000);

const policies = [
  aPolicy({
    name: 'databases',
    title: 'Databases of the shop',
    tier: 'product',
    enforcement: 'warn',
    appliesTo: { products: ['shop'] },
    limits: undefined,
    approvals: { quorum: 2 },
  }),
  aPolicy(),
];

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(<PoliciesPage />, {
    path: `/innominatus/policies${query}`,
    mountPath: '/innominatus/policies',
    api: fakeApi(api),
  });
}

describe('PoliciesPage', () => {
  it('tells what each policy is asked about, asks for and says, by tier', async () => {
    open({ listPolicies: async () => pageOf(policies) });

    const [first, second] = await screen.findAllByRole('article');
    expect(first).toHaveAccessibleName('Ready for production');
    expect(first).toHaveTextContent('environments of type production');
    expect(first).toHaveTextContent('at most 100 steps');
    expect(first).toHaveTextContent('at most 4 h for the run');
    expect(first).toHaveTextContent('policies/guardrails.yaml, line 22');
    expect(within(first).getByText('Refuses what breaks it')).toBeVisible();
    const rule = within(first).getByRole('row', { name: /known-owner/ });
    expect(rule).toHaveTextContent('needs an owner');
    expect(rule).toHaveTextContent('has(application.owner)');
    expect(second).toHaveTextContent('products shop');
    expect(second).toHaveTextContent('at least 2 approvals');
    expect(within(second).getByText('Warns only')).toBeVisible();
  });

  it('shows what a link asks for and keeps what is searched in the address', async () => {
    open({ listPolicies: async () => pageOf(policies) }, '?search=databases');

    expect(
      await screen.findByRole('article', { name: 'Databases of the shop' }),
    ).toBeVisible();
    expect(screen.getAllByRole('article')).toHaveLength(1);
    await userEvent.clear(screen.getByRole('searchbox'));
    await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(2));
    await userEvent.type(screen.getByRole('searchbox'), 'nothing');
    expect(
      await screen.findByText('No policy matches "nothing".'),
    ).toBeVisible();
  });

  it('shows policies that cannot be read, as they stop every deployment', async () => {
    open({
      listPolicies: async () => pageOf([]),
      listLocations: async () =>
        pageOf([
          {
            target: 'policies',
            state: 'current',
            cached: false,
            definitions: [
              {
                kind: 'Policy',
                name: 'broken',
                source: 'broken.yaml',
                state: 'refused',
                problems: [
                  {
                    severity: 'error',
                    code: 'POLICY_EXPRESSION',
                    message: 'The expression cannot be used.',
                    pointer: '/spec/rules/0',
                    line: 9,
                    column: 1,
                    suggestions: [],
                  },
                ],
              },
              { kind: 'Policy', name: 'fine', state: 'active', problems: [] },
            ],
          },
        ]),
    });

    const broken = await screen.findByRole('region', {
      name: 'Some policies cannot be read',
    });
    expect(broken).toHaveTextContent('"broken" has errors');
    expect(broken).toHaveTextContent('Line 9');
    expect(broken).not.toHaveTextContent('fine');
  });

  it('teaches what a policy is when there is none', async () => {
    open({});
    expect(await screen.findByText('No policies')).toBeVisible();
  });

  it('says why the list cannot be seen, and tries again', async () => {
    const listPolicies = jest
      .fn()
      .mockRejectedValueOnce(new Error('The database is away.'))
      .mockResolvedValue(pageOf(policies));
    open({ listPolicies });
    expect(await screen.findByText(/The database is away/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findAllByRole('article')).toHaveLength(2);
  });
});
