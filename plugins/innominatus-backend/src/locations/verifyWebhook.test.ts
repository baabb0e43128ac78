import { createHmac } from 'node:crypto';
import { verifyWebhook } from './verifyWebhook';
import { webhookAddresses } from './webhookAddresses';

const SECRET = 'a secret for webhooks';
const NOW = 1_800_000_000_000;
const body = Buffer.from('{"ref":"refs/heads/main"}');

const check = (
  headers: Record<string, string>,
  secrets = ['old one', SECRET],
) =>
  verifyWebhook({ body, header: name => headers[name] }, { secrets, now: NOW });

const hub = (secret: string, content = body) =>
  `sha256=${createHmac('sha256', secret).update(content).digest('hex')}`;

const standard = (at: number, secret: string | Buffer = SECRET) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(at),
  'webhook-signature': `v1,AAAA v1,${createHmac('sha256', secret)
    .update(`msg_1.${at}.${body}`)
    .digest('base64')}`,
});

describe('verifyWebhook', () => {
  it('takes what is signed with any of the secrets, in both forms', () => {
    expect(check({ 'x-hub-signature-256': hub(SECRET) })).toMatchObject({
      ok: true,
    });
    expect(check(standard(NOW / 1000))).toMatchObject({ ok: true });
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    expect(
      check(standard(NOW / 1000, key), [`whsec_${key.toString('base64')}`]),
    ).toMatchObject({ ok: true });
  });

  it('gives the same digest for the same content only', () => {
    const digest = (headers: Record<string, string>) => {
      const verdict = check(headers);
      return verdict.ok ? verdict.digest : undefined;
    };
    const at = NOW / 1000;
    expect(digest(standard(at))).toBe(digest(standard(at)));
    expect(digest(standard(at))).not.toBe(digest(standard(at + 1)));
  });

  it.each([
    ['nothing', {}],
    ['another secret', { 'x-hub-signature-256': hub('wrong') }],
    ['another body', { 'x-hub-signature-256': hub(SECRET, Buffer.from('x')) }],
    ['half a signature', { 'x-hub-signature-256': hub(SECRET).slice(0, 30) }],
    ['an empty signature', { 'x-hub-signature-256': '' }],
    ['no hexadecimal', { 'x-hub-signature-256': 'sha256=zz' }],
    ['an old time', standard(NOW / 1000 - 301)],
    ['a time to come', standard(NOW / 1000 + 301)],
    ['no time', { ...standard(NOW / 1000), 'webhook-timestamp': 'x' }],
    ['another id', { ...standard(NOW / 1000), 'webhook-id': 'msg_2' }],
  ])('refuses %s', (_what, headers) => {
    expect(check(headers)).toMatchObject({ ok: false });
  });

  it('refuses everything without a secret', () => {
    expect(check({ 'x-hub-signature-256': hub('') }, [])).toMatchObject({
      ok: false,
    });
  });
});

describe('webhookAddresses', () => {
  it.each([
    [
      { repository: { clone_url: 'https://g/a.git', ssh_url: 'git@g:a.git' } },
      ['https://g/a.git', 'git@g:a.git'],
    ],
    [{ project: { git_http_url: 'https://g/a.git' } }, ['https://g/a.git']],
    [{ repository: { clone_url: 7 } }, undefined],
    [[], undefined],
  ])('finds the repository of %j', (value, expected) => {
    expect(webhookAddresses(Buffer.from(JSON.stringify(value)))).toEqual(
      expected,
    );
    expect(webhookAddresses(Buffer.from('no JSON'))).toBeUndefined();
  });
});
