import { Environment, FreezeWindow } from '../api/types';
import { readDefinitions } from '../definitions';
import { checkQuotas } from './checkQuotas';
import { ephemeralKey, ephemeralNames } from './ephemeralName';
import { activeFreeze, toInstant } from './freezes';
import { readEnvironmentInput } from './readEnvironmentInput';
import { resolveEnvironment } from './resolveEnvironment';
import { dueNotice } from './ttl';

const FILE = `apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: staging, owner: group:default/ops }
spec:
  type: staging
  target: { type: kubernetes, cluster: eu, namespace: '\${app.name}-\${environment.name}' }
  variables: { region: eu, replicas: 2 }
  rules:
    deployers: [owner, ops, plugin:scaffolder]
    approval: { approvers: [group:ops, owner], quorum: 2, expiresAfter: 2d }
  quotas: { applications: 3, resourcesByType: { postgres: 1 } }
  freezes:
    - { reason: Holidays, from: 2027-12-20, to: '2028-01-03T08:00', timezone: Europe/Zurich }
    - { reason: Weekend, cron: '0 17 * * 5', duration: 2d15h, timezone: Europe/Zurich }
  concurrency: 2
  ephemeral: { ttl: 4h, maxTtl: 3d, limit: 5 }
`;

const input = (more: object) =>
  readEnvironmentInput({ name: 'x', type: 'development', ...more });

const kubernetes = (namespace: string): Environment => ({
  name: 'preview',
  type: 'development',
  order: 1,
  variables: { region: 'eu' },
  target: { type: 'kubernetes', namespace },
});

describe('an environment', () => {
  it('is read from a file, with durations in one form', () => {
    const { definitions, diagnostics } = readDefinitions(
      FILE.replace('ops, plugin', 'group:ops, plugin'),
    );
    expect(diagnostics).toEqual([]);
    expect(definitions.environments[0]).toMatchObject({
      owner: 'group:default/ops',
      rules: {
        deployers: ['owner', 'group:default/ops', 'plugin:scaffolder'],
        approval: {
          approvers: ['group:default/ops', 'owner'],
          quorum: 2,
          allowRequester: false,
          expiresAfter: 'PT172800S',
        },
      },
      ephemeral: { ttl: 'PT14400S', maxTtl: 'PT259200S', limit: 5 },
    });
  });

  it.each([
    ['deployers', { rules: { deployers: ['ops'] } }, /entity ref of a user/],
    [
      'a quorum nobody reaches',
      { rules: { approval: { approvers: ['user:a'], quorum: 2 } } },
      /more approvals are asked for/,
    ],
    ['a variable that exists', { variables: { type: 'a' } }, /has it already/],
    [
      'a reference in the target',
      { target: { type: 'kubernetes', namespace: '${app.nam}-a' } },
      /names "\$\{app.nam\}"/,
    ],
    [
      'a freeze of both kinds',
      { freezes: [{ reason: 'r', cron: '0 1 * * *', from: '2027-01-01' }] },
      /either "from" and "to"/,
    ],
    [
      'a time zone',
      {
        freezes: [
          {
            reason: 'r',
            from: '2027-01-01',
            to: '2027-01-02',
            timezone: 'Moon',
          },
        ],
      },
      /time zone "Moon" is not known/,
    ],
    [
      'a freeze that ends before it begins',
      { freezes: [{ reason: 'r', from: '2027-01-02', to: '2027-01-01' }] },
      /ends \("2027-01-01"\) before it begins/,
    ],
    [
      'a day that does not exist',
      { freezes: [{ reason: 'r', from: '2027-13-02', to: '2028-01-01' }] },
      /"2027-13-02" cannot be read/,
    ],
    [
      'copies that would share the namespace of the original',
      {
        target: { type: 'kubernetes', namespace: 'staging' },
        ephemeral: {},
      },
      /would all deploy to its own place/,
    ],
    ['a lifetime', { ephemeral: { ttl: '4d', maxTtl: '1d' } }, /longer than/],
    ['a number as duration', { ttl: '20' }, /expected a duration/],
    ['an unknown key', { quota: {} }, /Did you mean "quotas"|quotas/],
  ])('is refused for %s', (_, more, message) => {
    const { environment, diagnostics } = input(more);
    expect(environment).toBeUndefined();
    expect(JSON.stringify(diagnostics)).toMatch(
      new RegExp(message.source.replace(/"/g, '\\\\"')),
    );
  });

  it('fills the templates of its target for each application', () => {
    const { environment, problem } = resolveEnvironment(
      kubernetes('${app.name}-${environment.name}-${environment.region}'),
      { name: 'orders' },
    );
    expect(problem).toBeUndefined();
    expect(environment.target).toEqual({
      type: 'kubernetes',
      namespace: 'orders-preview-eu',
    });
  });

  it('says which namespace is too long, or no label', () => {
    expect(
      resolveEnvironment(kubernetes('${app.name}-${environment.name}'), {
        name: 'o'.repeat(60),
      }).problem,
    ).toMatch(/is 68 characters long, at most 63/);
    expect(
      resolveEnvironment(kubernetes('${app.name}.x'), { name: 'a' }).problem,
    ).toMatch(/"a.x".*is no DNS label/);
  });
});

describe('freeze windows', () => {
  const zurich = 'Europe/Zurich';
  const at = (text: string) => Date.parse(text);
  const once: FreezeWindow = {
    reason: 'Holidays',
    timezone: zurich,
    from: '2027-12-20',
    to: '2028-01-03T08:00',
  };
  const weekend: FreezeWindow = {
    name: 'weekend',
    reason: 'Weekend',
    timezone: zurich,
    cron: '0 17 * * 5',
    duration: 'PT226800S',
  };

  it('hold from their first moment up to their last, on the clock of their zone', () => {
    const frozen = (time: string) => activeFreeze([once], at(time));
    expect(frozen('2027-12-19T22:59:59Z')).toBeUndefined();
    expect(frozen('2027-12-19T23:00:00Z')).toEqual({
      reason: 'Holidays',
      until: at('2028-01-03T07:00:00Z'),
    });
    expect(frozen('2028-01-03T06:59:59Z')).toBeDefined();
    expect(frozen('2028-01-03T07:00:00Z')).toBeUndefined();
  });

  it('come again', () => {
    const frozen = (time: string) => activeFreeze([weekend], at(time));
    // Friday 17:00 in summer.
    expect(frozen('2027-06-04T14:59:59Z')).toBeUndefined();
    expect(frozen('2027-06-04T15:00:00Z')).toMatchObject({
      name: 'weekend',
      until: at('2027-06-07T06:00:00Z'),
    });
    expect(frozen('2027-06-07T05:59:59Z')).toBeDefined();
    expect(frozen('2027-06-07T06:00:00Z')).toBeUndefined();
  });

  it('show the one that ends last', () => {
    expect(
      activeFreeze([weekend, once], at('2027-12-24T20:00:00Z'))?.reason,
    ).toBe('Holidays');
  });

  it('know summer and winter time, offsets and what is no time', () => {
    expect(toInstant('2027-07-01T12:00', zurich)).toBe(
      at('2027-07-01T10:00:00Z'),
    );
    expect(toInstant('2027-03-28T03:30', zurich)).toBe(
      at('2027-03-28T01:30:00Z'),
    );
    expect(toInstant('2027-07-01T12:00+05:00', zurich)).toBe(
      at('2027-07-01T07:00:00Z'),
    );
    expect(toInstant('tomorrow', zurich)).toBeUndefined();
  });
});

describe('quotas', () => {
  const use = (present: number, added: number) => ({
    environment: 'dev',
    applications: { present: 2, added: 1 },
    resources: {
      postgres: { present, added },
      redis: { present: 4, added: 0 },
    },
  });

  it('answer one sentence with numbers for each that is broken', () => {
    expect(
      checkQuotas(
        { applications: 2, resources: 5, resourcesByType: { postgres: 1 } },
        use(1, 1),
      ),
    ).toEqual([
      'The environment "dev" allows 2 applications. There are 2, and this would add 1.',
      'The environment "dev" allows 5 resources. There are 5, and this would add 1.',
      'The environment "dev" allows 1 resources of the type "postgres". There are 1, and this would add 1.',
    ]);
  });

  it('let pass what adds nothing, and what just fits', () => {
    expect(
      checkQuotas(
        { applications: 3, resourcesByType: { redis: 1 } },
        use(0, 1),
      ),
    ).toEqual([]);
    expect(checkQuotas({ resources: 5 }, use(0, 1))).toEqual([]);
    expect(checkQuotas(undefined, use(9, 9))).toEqual([]);
  });
});

describe('notices of expiry', () => {
  const HOUR = 3_600_000;
  const due = (options: { lifetime: number; left: number; noticed?: number }) =>
    dueNotice({
      expiresAt: 0,
      setAt: -options.lifetime,
      now: -options.left,
      noticed: options.noticed,
    });

  it('come at two days, two hours and half an hour, each once', () => {
    const lifetime = 100 * HOUR;
    expect(due({ lifetime, left: 49 * HOUR })).toBeUndefined();
    expect(due({ lifetime, left: 48 * HOUR })).toBe(48 * HOUR);
    expect(due({ lifetime, left: 40 * HOUR, noticed: 48 * HOUR })).toBe(
      undefined,
    );
    expect(due({ lifetime, left: 2 * HOUR, noticed: 48 * HOUR })).toBe(
      2 * HOUR,
    );
    expect(due({ lifetime, left: 0.5 * HOUR, noticed: 2 * HOUR })).toBe(
      0.5 * HOUR,
    );
  });

  it('leave out what was passed meanwhile, and what never was so long', () => {
    expect(due({ lifetime: 100 * HOUR, left: HOUR / 3 })).toBe(0.5 * HOUR);
    expect(due({ lifetime: HOUR, left: 0.9 * HOUR })).toBeUndefined();
    expect(due({ lifetime: 100 * HOUR, left: -1 })).toBeUndefined();
  });
});

describe('the name of an ephemeral environment', () => {
  it('is the branch or the pull request, when that can be a name', () => {
    expect(ephemeralNames({ from: 'dev', branch: 'login' })[0]).toBe('login');
    expect(
      ephemeralNames({ from: 'dev', project: 'shop', pullRequest: 7 })[0],
    ).toBe('shop-pr-7');
  });

  it('differs for branches that look alike, and is a label however they are called', () => {
    const names = [
      'feature/login',
      'feature-login!',
      'FEATURE/LOGIN',
      '日本',
      'x'.repeat(200),
      '---',
    ].map(branch => ephemeralNames({ from: 'dev', branch }).at(-1)!);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }
    expect(ephemeralNames({ from: 'dev', branch: 'feature/login' })).toEqual([
      expect.stringMatching(/^feature-login-[0-9a-f]{10}$/),
    ]);
  });

  it('has a key that tells branches, pull requests and projects apart', () => {
    const keys = [
      { from: 'a', branch: '7' },
      { from: 'a', pullRequest: 7 },
      { from: 'b', branch: '7' },
      { from: 'a', project: 'p', branch: '7' },
    ].map(ephemeralKey);
    expect(new Set(keys).size).toBe(4);
  });
});
