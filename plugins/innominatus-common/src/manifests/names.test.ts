import { createHash } from 'node:crypto';
import { escapeExpansion } from './expansion';
import { manifestFileName, manifestFiles } from './manifestFileName';
import { boundedName, resourceSlug } from './names';
import { sha256, shortHash } from './shortHash';

describe('sha256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 1000])(
    'agrees with Node for %d bytes',
    length => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) % 256);
      expect(sha256(bytes)).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      );
    },
  );

  it('tells the parts apart', () => {
    expect(shortHash(['a', 'bc'])).not.toBe(shortHash(['ab', 'c']));
  });
});

describe('resourceSlug', () => {
  it.each([
    'volume.default#orders.data',
    'Type_3.X#id',
    '9.9#9',
    'ü.ü#ü',
    `a.${'b'.repeat(200)}#c`,
  ])('makes a DNS label of %s', uid => {
    expect(resourceSlug(uid)).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });

  it('keeps apart what only differs in characters that no name holds', () => {
    expect(resourceSlug('a.b#c.d')).not.toBe(resourceSlug('a.b#c-d'));
  });
});

describe('boundedName', () => {
  it('cuts long names without making them equal', () => {
    const long = 'x'.repeat(60);
    expect(boundedName('env', 'shop')).toBe('env-shop');
    expect(boundedName('aaaa', long)).toHaveLength(63);
    expect(boundedName('aaaa', long)).not.toBe(boundedName('aaaa', `${long}y`));
    expect(boundedName('my env/', 'shop')).toMatch(
      /^my-env--shop-[0-9a-f]{10}$/,
    );
  });
});

describe('escapeExpansion', () => {
  // The kubelet: "$$" is "$", "$(NAME)" is a variable, everything else stays.
  const kubelet = (text: string) =>
    text.replace(/\$(\$|\([^)]*\))/g, (_match, next: string) =>
      next === '$' ? '$' : 'EXPANDED',
    );

  it.each([
    '$(A)',
    '$$(A)',
    '$',
    '$$',
    '$$$',
    'a$b',
    '$$b',
    '$$$(A)',
    '5$ $(',
    '$ (A)',
  ])('brings %j through the kubelet', text => {
    expect(kubelet(escapeExpansion(text))).toBe(text);
    expect(kubelet(`${escapeExpansion(text, '$')}$(SECRET)`)).toBe(
      `${text}EXPANDED`,
    );
  });
});

describe('manifestFileName', () => {
  it('names the kind and the object, and stays inside of its folder', () => {
    const manifest = (name: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
    });
    expect(manifestFileName(manifest('shop'))).toBe('configmap-shop.yaml');
    expect(manifestFileName(manifest('../../etc'))).toBe(
      'configmap-..-..-etc.yaml',
    );
    expect(manifestFileName(manifest('shop'), { unique: true })).toMatch(
      /^configmap-shop-[0-9a-f]{6}\.yaml$/,
    );
  });

  it('tells objects apart that only differ in their namespace', () => {
    const inNamespace = (namespace: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'shop', namespace },
    });
    const other = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'a' },
    };
    const files = manifestFiles([inNamespace('a'), inNamespace('b'), other]);
    expect([...files.keys()]).toEqual([
      'namespace-a.yaml',
      expect.stringMatching(/^configmap-shop-[0-9a-f]{6}\.yaml$/),
      expect.stringMatching(/^configmap-shop-[0-9a-f]{6}\.yaml$/),
    ]);
  });
});
