import { Redactor } from './Redactor';

describe('the redactor', () => {
  function redact(text: string, ...secrets: string[]): string {
    const redactor = Redactor.create();
    secrets.forEach(secret => redactor.add(secret));
    return redactor.redact(text);
  }

  it('leaves text alone when there are no secrets', () => {
    expect(redact('plain')).toBe('plain');
  });

  it.each([
    ['plain', (secret: string) => secret],
    ['Base64', (secret: string) => Buffer.from(secret).toString('base64')],
    [
      'Base64 for URLs',
      (secret: string) => Buffer.from(secret).toString('base64url'),
    ],
    ['URL-encoded', (secret: string) => encodeURIComponent(secret)],
    [
      'form-encoded',
      (secret: string) =>
        new URLSearchParams({ '': secret }).toString().slice(1),
    ],
    ['JSON-escaped', (secret: string) => JSON.stringify(secret).slice(1, -1)],
    [
      'JSON in JSON',
      (secret: string) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    ],
  ])('hides a secret that is %s', (_name, encode) => {
    const secret = 'p@ss "wörd"\n?>~~+';
    expect(redact(`[${encode(secret)}]`, secret)).toBe('[••••]');
  });

  it.each(['', 'a', 'ab', 'abc', 'user:'])(
    'hides a secret within a longer Base64 text after %p',
    before => {
      const secret = 'correct horse battery';
      const text = Buffer.from(`${before}${secret}!`).toString('base64');
      const hidden = redact(text, secret);
      expect(hidden).toContain('••••');
      expect(
        Buffer.from(hidden.replace('••••', ''), 'base64').toString(),
      ).not.toContain('horse');
    },
  );

  it('hides each line of a secret with several lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvgIBADANBg\n-----END KEY-----';
    expect(redact('line MIIEvgIBADANBg here', key)).toBe('line •••• here');
  });

  it('hides the longer of two secrets that begin alike', () => {
    expect(redact('token-123', 'token', 'token-123')).toBe('••••');
  });

  it('takes characters of patterns literally', () => {
    expect(redact('a.c abc (x)', 'a.c', '(x)')).toBe('•••• abc ••••');
  });

  it('does not take a single character for a secret', () => {
    expect(redact('banana', 'a')).toBe('banana');
  });
});
