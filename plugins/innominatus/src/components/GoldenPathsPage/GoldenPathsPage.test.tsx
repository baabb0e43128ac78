import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aGoldenPath, fakeApi, pageOf, renderPage } from '../../__testUtils__';
import { GoldenPathsPage } from './GoldenPathsPage';

const paths = [
  aGoldenPath({
    name: 'anything',
    title: 'Anything else',
    category: undefined,
    allowedActions: { run: { allowed: false, reason: 'Ask platform-team.' } },
  }),
  aGoldenPath(),
];

function open() {
  renderPage(<GoldenPathsPage />, {
    api: fakeApi({ listGoldenPaths: async () => pageOf(paths) }),
  });
}

describe('GoldenPathsPage', () => {
  it('groups golden paths by category, those without one last', async () => {
    open();

    const headings = await screen.findAllByRole('heading', { level: 2 });
    expect(headings.map(heading => heading.textContent)).toEqual([
      'deployment',
      'Other',
    ]);
    const section = screen.getByRole('region', { name: 'deployment' });
    expect(section).toHaveTextContent('platform-team');
    expect(section).toHaveTextContent('1-5 minutes');
    expect(section).toHaveTextContent('Provision resources, Render manifests');
  });

  it('leads to the form of the scaffolder', async () => {
    open();

    expect(
      await screen.findByRole('link', { name: 'Run Deploy a workload' }),
    ).toHaveAttribute(
      'href',
      '/create/templates/default/innominatus-deploy-app',
    );
  });

  it('says why a golden path may not be run', async () => {
    open();

    expect(
      await screen.findByRole('button', {
        name: 'Run Anything else. Ask platform-team.',
      }),
    ).toHaveAttribute('aria-disabled', 'true');
  });

  it('says where the file of a golden path is broken, and what is in use', async () => {
    const problems = [
      {
        severity: 'error' as const,
        code: 'WORKFLOW_PARAMETER',
        message: 'The key "typ" is not known.',
        pointer: '/spec',
        line: 7,
        column: 3,
        file: 'paths/deploy.yaml',
        suggestions: ['Did you mean "type"?'],
      },
    ];
    renderPage(<GoldenPathsPage />, {
      api: fakeApi({
        listGoldenPaths: async () =>
          pageOf([
            aGoldenPath({ state: 'lastGood', problems }),
            aGoldenPath({
              name: 'fresh',
              title: 'fresh',
              category: undefined,
              steps: [],
              state: 'refused',
              problems,
            }),
          ]),
      }),
    });

    const kept = await screen.findByRole('region', { name: 'deployment' });
    expect(kept).toHaveTextContent(
      'Has errors; the last good version stays in use',
    );
    expect(kept).toHaveTextContent('paths/deploy.yaml:7:3');
    const refused = screen.getByRole('region', { name: 'Other' });
    expect(refused).toHaveTextContent('Has errors and is not in use');
    expect(refused).toHaveTextContent('Did you mean "type"?');
  });

  it('finds golden paths by their words', async () => {
    open();

    await userEvent.type(
      await screen.findByRole('searchbox', { name: 'Search golden paths' }),
      'anything',
    );
    expect(await screen.findByText('Anything else')).toBeVisible();
    expect(screen.queryByText('Deploy a workload')).not.toBeInTheDocument();
    await userEvent.type(screen.getByRole('searchbox'), ' at all');
    expect(
      await screen.findByText('No golden path matches "anything at all".'),
    ).toBeVisible();
  });

  it('tells where golden paths come from when there are none', async () => {
    const { container } = renderPage(<GoldenPathsPage />, {
      api: fakeApi({}),
    });

    expect(await within(container).findByText('No golden paths')).toBeVisible();
  });
});
