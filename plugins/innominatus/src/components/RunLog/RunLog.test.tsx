import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aLogLine, fakeApi, renderPage, streamOf } from '../../__testUtils__';
import { RunLog } from './RunLog';
import { logAsText } from './logAsText';

const LINES = [
  aLogLine({ seq: 1, text: 'Pulling the image' }),
  aLogLine({ seq: 2, step: 'apply', text: '\u001b[32mReady\u001b[0m now' }),
  aLogLine({ seq: 5, text: 'Image is ready' }),
];

function open(path = '/', lines = LINES) {
  renderPage(<RunLog runId="run-1" fileName="run.log" showStep />, {
    path,
    api: fakeApi({ followRunLogs: () => streamOf(...lines) }),
  });
}

describe('RunLog', () => {
  it('shows each line with its number, time and step, colours included', async () => {
    open();

    const region = await screen.findByRole('region', { name: 'Log lines' });
    const lines = await within(region).findAllByRole('listitem');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toHaveTextContent(/^2\d\d:00:01.331applyReady now$/);
    expect(within(lines[1]).getByText('Ready')).toHaveAttribute(
      'data-color',
      'green',
    );
  });

  it('hides the times on request', async () => {
    open();
    const toggle = await screen.findByRole('button', { name: 'Timestamps' });
    expect(toggle).toHaveAttribute('aria-pressed', 'true');

    await userEvent.click(toggle);

    expect(screen.queryByText(/00:01.331/)).not.toBeInTheDocument();
  });

  it('counts what a search finds and moves through it', async () => {
    open();
    await screen.findByText(/Pulling/);

    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search logs' }),
      'IMAGE',
    );
    expect(await screen.findByText('1 of 2')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Next match' }));
    expect(screen.getByText('2 of 2')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Next match' }));
    expect(screen.getByText('1 of 2')).toBeVisible();
    expect(screen.getAllByText(/image/i, { selector: 'mark' })).toHaveLength(2);
  });

  it('says when a search finds nothing', async () => {
    open();
    await userEvent.type(
      await screen.findByRole('searchbox', { name: 'Search logs' }),
      'nowhere',
    );
    expect(await screen.findByText('No matches')).toBeVisible();
  });

  it('marks the line that the address points at', async () => {
    open('/#L5');

    const line = (await screen.findByText('Image is ready')).closest('li');
    expect(line).toHaveAttribute('id', 'L5');
    expect(line).toHaveAttribute('data-linked', 'true');
  });

  it('keeps long logs light and shows earlier lines on request', async () => {
    open(
      '/',
      Array.from({ length: 2300 }, (_, index) =>
        aLogLine({ seq: index + 1, text: `line ${index + 1}` }),
      ),
    );

    const more = await screen.findByRole(
      'button',
      { name: 'Show 300 earlier lines' },
      { timeout: 10_000 },
    );
    expect(screen.queryByText('line 1')).not.toBeInTheDocument();
    await userEvent.click(more);
    expect(await screen.findByText('line 1')).toBeInTheDocument();
  }, 60_000);

  it('says that nothing was logged', async () => {
    open('/', []);
    expect(await screen.findByText('Nothing was logged')).toBeVisible();
  });
});

describe('logAsText', () => {
  it('writes time, step and text without escape sequences', () => {
    expect(logAsText(LINES.slice(1, 2))).toBe(
      '2026-11-23T12:00:01.331Z apply Ready now\n',
    );
  });
});
