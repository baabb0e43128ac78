import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InnominatusApi } from '../../api';
import {
  aPlan,
  anEnvironment,
  fakeApi,
  pageOf,
  renderPage,
} from '../../__testUtils__';
import { ScoreEditorPage } from './ScoreEditorPage';

jest.setTimeout(30_000);

const BROKEN = `apiVersion: score.dev/v1b1
metadata: { name: shop }
containers:
  web:
    imagee: shop:1
`;

const EARLIER = `apiVersion: score.dev/v1b1
metadata: { name: shop }
containers:
  web:
    image: shop:1
    env: { PORT: 8080 }
`;

function open(
  options: { text?: string; tab?: string; api?: Partial<InnominatusApi> } = {},
) {
  const { text, tab, api = {} } = options;
  if (text !== undefined) {
    window.sessionStorage.setItem('innominatus.score-editor', text);
  }
  return renderPage(<ScoreEditorPage />, {
    path: `/innominatus/score-editor${tab ? `?tab=${tab}` : ''}`,
    mountPath: '/innominatus/score-editor',
    api: fakeApi(api),
  });
}

describe('ScoreEditorPage', () => {
  beforeEach(() => window.sessionStorage.clear());

  it('opens with a sound example in a labelled editor that says how to leave it', async () => {
    open();
    const editor = await screen.findByRole('textbox', { name: 'Score file' });
    expect(editor).toHaveAccessibleDescription(/Press Escape, then Tab/);
    expect(editor).toHaveTextContent('image: nginx:1.27');
    expect(screen.getByText('Valid: hello')).toBeVisible();
    expect(screen.getByText(/No problems\./)).toBeVisible();
  });

  it('names each problem with its line and what to do, and leads there', async () => {
    open({ text: BROKEN });
    expect(await screen.findByText(/SCORE_UNKNOWN_KEY/)).toBeVisible();
    expect(screen.getByRole('tab', { name: /^Problems \(\d\)/ })).toBeVisible();
    const [place] = screen.getAllByRole('button', {
      name: '5:5, go to line 5',
    });
    await userEvent.click(place);
    expect(screen.getByRole('textbox', { name: 'Score file' })).toHaveFocus();
  });

  it('shows nothing that rests on the file while it is broken', async () => {
    open({ text: BROKEN, tab: 'manifests' });
    expect(await screen.findByText('Mend the errors first')).toBeVisible();
  });

  it('draws the steps with their durations, also as a table', async () => {
    const analyze = jest.fn();
    open({ tab: 'graph', api: { analyzeScore: analyze } });
    const table = await screen.findByRole('table');
    const row = within(table).getByRole('row', { name: /^2 provision-db/ });
    expect(row).toHaveTextContent('longest chain');
    expect(row).toHaveTextContent('assumption');
    expect(row).toHaveTextContent('5 m');
    expect(analyze).not.toHaveBeenCalled();
  });

  it('asks for durations of earlier runs when the reader wants them', async () => {
    const { analyzeScore, readScore } = jest.requireActual<
      typeof import('@innominatus/backstage-plugin-innominatus-common')
    >('@innominatus/backstage-plugin-innominatus-common');
    open({
      tab: 'graph',
      api: {
        analyzeScore: async ({ score }) =>
          analyzeScore(readScore(score).workload!, {
            history: { resources: { postgres: { seconds: 7, samples: 3 } } },
          }),
      },
    });
    await userEvent.click(
      await screen.findByRole('switch', { name: /earlier runs/ }),
    );
    expect(await screen.findByText('3 earlier runs')).toBeVisible();
  });

  it('renders all manifests in the browser, with resources of the simulator', async () => {
    open({ tab: 'manifests' });
    const manifests = await screen.findByRole('region', { name: 'Manifests' });
    expect(
      within(manifests).getByRole('region', { name: 'Deployment hello' }),
    ).toHaveTextContent('value: postgres-default-hello-db');
    expect(
      within(manifests).getByRole('region', { name: 'Service hello' }),
    ).toHaveTextContent('app.kubernetes.io/instance: development-hello');
    await userEvent.type(screen.getByLabelText('Namespace'), 'shop');
    await waitFor(() => expect(manifests).toHaveTextContent('namespace: shop'));
  });

  it('asks for the image that the file leaves open', async () => {
    open({
      tab: 'manifests',
      text: BROKEN.replace('imagee: shop:1', 'image: "."'),
    });
    expect(await screen.findByText(/has the image "\."/)).toBeVisible();
    await userEvent.type(screen.getByLabelText('Image for "."'), 'shop:2');
    expect(
      await screen.findByRole('region', { name: 'Deployment shop' }),
    ).toHaveTextContent('image: shop:2');
  });

  it('plans the text in the chosen environment', async () => {
    const plan = jest.fn(async () => aPlan());
    open({
      tab: 'plan',
      api: {
        listEnvironments: async () => pageOf([anEnvironment()]),
        plan,
      },
    });
    const make = await screen.findByRole('button', { name: /^Plan hello/ });
    expect(make).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: /Environment/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Development' }),
    );
    await userEvent.click(make);
    expect(await screen.findByText(/to create/)).toBeVisible();
    expect(plan).toHaveBeenCalledWith(
      { environment: 'development', name: 'hello' },
      { action: 'deploy', score: expect.stringContaining('name: hello') },
    );
  });

  it('shows what rewriting would change and applies it', async () => {
    open({ text: EARLIER, tab: 'migrate' });
    expect(
      await screen.findByText('Renamed "containers.web.env" to "variables".'),
    ).toBeVisible();
    const diff = screen.getByRole('region', { name: 'Changed lines' });
    expect(diff).toHaveTextContent('+ variables: { PORT: "8080" }');
    await userEvent.click(screen.getByRole('button', { name: 'Apply' }));
    await waitFor(() =>
      expect(
        screen.getByRole('textbox', { name: 'Score file' }),
      ).toHaveTextContent('variables: { PORT: "8080" }'),
    );
    expect(await screen.findByText(/Nothing to rewrite/)).toBeVisible();
    expect(window.sessionStorage.getItem('innominatus.score-editor')).toContain(
      'variables:',
    );
  });
});
