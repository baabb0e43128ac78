import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import { aProvider, fakeApi, pageOf, renderPage } from '../../__testUtils__';
import { ProvidersPage } from './ProvidersPage';

jest.setTimeout(30_000);

const problem = {
  severity: 'error',
  code: 'PROVIDER_INVALID',
  message: 'The key "typ" is not known.',
  pointer: '/spec',
  line: 7,
  column: 3,
  suggestions: ['Did you mean "type"?'],
} as const;

function open(api: Partial<InnominatusApi>, query = '') {
  return renderPage(<ProvidersPage />, {
    path: `/innominatus/providers${query}`,
    mountPath: '/innominatus/providers',
    api: fakeApi(api),
  });
}

describe('ProvidersPage', () => {
  it('shows types, operations, outputs and where they are provided', async () => {
    open({ listProviders: async () => pageOf([aProvider()]) });
    const card = await screen.findByRole('article', { name: 'Simulator' });
    expect(within(card).getByText('In use')).toBeVisible();
    const row = within(card).getByRole('row', { name: /postgres/ });
    expect(row).toHaveTextContent('also postgresql');
    expect(row).toHaveTextContent('create, delete');
    expect(row).toHaveTextContent('Native');
    expect(row).toHaveTextContent('host, password (secret)');
    expect(row).toHaveTextContent('development (type)');
  });

  it('shows broken bundles with what is wrong and whether they are in use', async () => {
    const problems = [{ ...problem, suggestions: [...problem.suggestions] }];
    open({
      listProviders: async () =>
        pageOf([
          aProvider({
            problems,
            state: 'lastGood',
            lastGoodAt: '2026-11-20T12:00:00.000Z',
          }),
          aProvider({
            name: 'new',
            title: undefined,
            version: '',
            resourceTypes: [],
            state: 'refused',
            problems,
          }),
        ]),
    });
    const kept = await screen.findByRole('article', { name: 'Simulator' });
    expect(
      within(kept).getByText(
        /^Has errors; the last good version, of 20 Nov 2026, .*, stays in use$/,
      ),
    ).toBeVisible();
    const refused = screen.getByRole('article', { name: 'new' });
    expect(
      within(refused).getByText('Has errors and is not in use'),
    ).toBeVisible();
    expect(refused).toHaveTextContent('Line 7');
    expect(refused).toHaveTextContent('Did you mean "type"?');
  });

  it('finds providers by resource type; the address holds the text', async () => {
    open(
      {
        listProviders: async () =>
          pageOf([
            aProvider(),
            aProvider({ name: 'net', title: 'Network', resourceTypes: [] }),
          ]),
      },
      '?search=postgresql',
    );
    expect(
      await screen.findByRole('article', { name: 'Simulator' }),
    ).toBeVisible();
    expect(screen.queryByRole('article', { name: 'Network' })).toBeNull();
  });

  it('reads the locations again and shows what is there then', async () => {
    const listProviders = jest.fn(async () => pageOf([aProvider()]));
    const refreshProviders = jest.fn(async () => ({
      providers: 1,
      goldenPaths: 0,
      environments: 0,
      problems: [],
    }));
    const { toasts } = open({ listProviders, refreshProviders });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Read again' }),
    );
    await waitFor(() => expect(listProviders).toHaveBeenCalledTimes(2));
    expect(toasts).toEqual([
      expect.objectContaining({ title: '1 provider is in use' }),
    ]);
  });

  it('teaches what a provider is when there is none', async () => {
    open({});
    expect(await screen.findByText('No providers')).toBeVisible();
  });
});
