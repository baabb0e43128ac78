import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { JsonValues, PersonLink, RelativeTime, StatusTag } from '.';
import { fakeApi, renderPage } from '../../__testUtils__';

describe('StatusTag', () => {
  it.each([
    ['succeeded', 'Succeeded'],
    ['failed', 'Failed'],
    ['none', 'Not deployed'],
    ['queued', 'Queued'],
  ] as const)('says %p as a word, beside an icon', (status, word) => {
    const { container } = renderInTestApp(
      <StatusTag status={status} detail="why" />,
    );
    expect(screen.getByText(word)).toBeVisible();
    expect(screen.getByText('why')).toBeVisible();
    expect(container.querySelector('svg')).toHaveAttribute('aria-hidden');
  });
});

describe('RelativeTime', () => {
  it('gives the full date on hover and to screen readers', () => {
    const time = new Date(Date.now() - 300_000).toISOString();
    renderInTestApp(<RelativeTime time={time} />);

    const element = screen.getByText('5 min. ago');
    expect(element).toHaveAttribute('datetime', time);
    expect(element.title).not.toBe('');
    expect(element).toHaveTextContent(`5 min. ago, ${element.title}`);
  });
});

describe('PersonLink', () => {
  it('links people and names programs', () => {
    renderPage(
      <>
        <PersonLink person="user:default/mia" />
        <PersonLink person="external:ci" />
      </>,
      { api: fakeApi({}) },
    );

    expect(screen.getByRole('link', { name: 'mia' })).toHaveAttribute(
      'href',
      '/catalog/default/user/mia',
    );
    expect(screen.getByText('external:ci').tagName).toBe('SPAN');
  });
});

describe('JsonValues', () => {
  it('writes objects as JSON and never a reference to a secret', () => {
    renderInTestApp(
      <JsonValues
        values={{
          replicas: 2,
          labels: { a: 'b' },
          password: { $secretRef: 'resource/1/password' },
          nothing: '',
        }}
      />,
    );

    expect(screen.getByText('2')).toBeVisible();
    expect(screen.getByText(/"a": "b"/)).toBeVisible();
    expect(screen.getByText('(secret)')).toBeVisible();
    expect(screen.getByText('(empty)')).toBeVisible();
  });
});
