import {
  applicationDeployPermission,
  applicationReadPermission,
  scoreReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  TestDatabases,
  mockCredentials,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { DefaultAccessControl } from './DefaultAccessControl';
import { registerPermissions } from './registerPermissions';
import {
  createApplicationConditionalDecision,
  innominatusConditions,
} from './rules';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const credentials = mockCredentials.user();
const conditions = innominatusConditions.application;

function setUp(decisions: Record<string, PolicyDecision>, config: object = {}) {
  const permissionsRegistry = mockServices.permissionsRegistry.mock();
  const rulesets = new Map<string, unknown>();
  permissionsRegistry.addResourceType.mockImplementation(options => {
    const rules = new Map(options.rules?.map(rule => [rule.name, rule]));
    rulesets.set(options.resourceRef.resourceType, {
      getRuleByName: (name: string) => rules.get(name),
    });
  });
  permissionsRegistry.getPermissionRuleset.mockImplementation(
    ref => rulesets.get(ref.resourceType) as never,
  );
  registerPermissions(permissionsRegistry);
  const answer = async (requests: Array<{ permission: { name: string } }>) =>
    requests.map(
      ({ permission }) =>
        decisions[permission.name] ?? { result: AuthorizeResult.DENY },
    );
  const permissions = mockServices.permissions.mock({
    authorize: jest.fn(answer) as never,
    authorizeConditional: jest.fn(answer) as never,
  });
  return {
    permissions,
    access: DefaultAccessControl.create({
      config: new ConfigReader(config),
      permissions,
      permissionsRegistry,
    }),
  };
}

const allow = { result: AuthorizeResult.ALLOW } as const;

describe('DefaultAccessControl', () => {
  it('answers "not found" for what may not be read and "not allowed" for what may', async () => {
    const hidden = setUp({
      [applicationReadPermission.name]: createApplicationConditionalDecision(
        applicationReadPermission,
        conditions.isOwner({ claims: ['group:default/a'] }),
      ),
    });
    const question = {
      permission: applicationDeployPermission,
      readPermission: applicationReadPermission,
      name: 'application "development/orders"',
    };
    await expect(
      hidden.access.require(credentials, {
        ...question,
        subject: { owner: 'group:default/b' },
      }),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      message: 'There is no application "development/orders"',
    });
    await expect(
      hidden.access.require(credentials, {
        ...question,
        subject: { owner: 'group:default/a' },
      }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    await expect(
      setUp({}).access.require(credentials, {
        permission: scoreReadPermission,
        name: 'Score',
      }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
  });

  it('asks the policy once for a whole page of questions', async () => {
    const { access, permissions } = setUp({
      [applicationDeployPermission.name]: createApplicationConditionalDecision(
        applicationDeployPermission,
        {
          allOf: [
            conditions.hasEnvironmentType({ types: ['development'] }),
            {
              not: conditions.isOwner({ claims: ['group:default/b'] }),
            },
          ],
        },
      ),
    });
    const answers = await access.check(
      credentials,
      ['group:default/a', 'group:default/b', undefined].map(owner => ({
        permission: applicationDeployPermission,
        subject: { environmentType: 'development', owner },
      })),
    );
    expect(answers.map(answer => answer.allowed)).toEqual([true, false, true]);
    expect(answers[1].reason).toContain('innominatus.application.deploy');
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(1);
  });

  it('lets only listed services deploy to production', async () => {
    const { access } = setUp(
      { [applicationDeployPermission.name]: allow },
      {
        innominatus: {
          serviceAccess: [
            { subject: 'external:ci', environments: ['production'] },
          ],
        },
      },
    );
    const ask = async (subject: string, environment: string) =>
      (
        await access.check(mockCredentials.service(subject), [
          {
            permission: applicationDeployPermission,
            subject: { environment, environmentType: 'production' },
          },
        ])
      )[0];
    await expect(ask('external:ci', 'production')).resolves.toEqual({
      allowed: true,
    });
    await expect(ask('external:ci', 'production-eu')).resolves.toMatchObject({
      allowed: false,
    });
    const refused = await ask('plugin:scaffolder', 'production');
    expect(refused.allowed).toBe(false);
    expect(refused.reason).toContain('innominatus.serviceAccess');
    const [user] = await access.check(credentials, [
      {
        permission: applicationDeployPermission,
        subject: { environment: 'production', environmentType: 'production' },
      },
    ]);
    expect(user.allowed).toBe(true);
  });

  it('records users by entity ref and services by subject', () => {
    const { access } = setUp({});
    expect(access.initiator(credentials)).toBe('user:default/mock');
    expect(access.initiator(mockCredentials.service('external:ci'))).toBe(
      'external:ci',
    );
    expect(() => access.initiator(mockCredentials.none())).toThrow('Sign in');
  });
});

describe.each(databases.eachSupportedId())('list filter on %s', id => {
  it('gives exactly the rows that the conditions allow', async () => {
    const knex = await databases.init(id);
    await knex.schema.createTable('things', table => {
      table.string('name');
      table.string('owner').nullable();
      table.string('environment');
    });
    await knex('things').insert([
      { name: 'mine', owner: 'group:default/a', environment: 'development' },
      { name: 'theirs', owner: 'group:default/b', environment: 'development' },
      { name: 'nobodys', owner: null, environment: 'development' },
      { name: 'live', owner: 'group:default/a', environment: 'production' },
    ]);
    const namesFor = async (decision: PolicyDecision) => {
      const { access } = setUp({ [applicationReadPermission.name]: decision });
      const filter = await access.filter(credentials, {
        permission: applicationReadPermission,
        columns: { owner: 'owner', environment: 'environment' },
      });
      const query = knex('things').select('name').orderBy('name');
      filter(query);
      return (await query).map(row => row.name);
    };
    const decide = (
      criteria: Parameters<typeof createApplicationConditionalDecision>[1],
    ) =>
      createApplicationConditionalDecision(applicationReadPermission, criteria);
    const owned = conditions.isOwner({ claims: ['group:default/a'] });
    const development = conditions.hasEnvironment({
      environments: ['development'],
    });

    await expect(namesFor(allow)).resolves.toHaveLength(4);
    await expect(namesFor(decide(owned))).resolves.toEqual(['live', 'mine']);
    await expect(namesFor(decide({ not: owned }))).resolves.toEqual([
      'nobodys',
      'theirs',
    ]);
    await expect(
      namesFor(decide({ allOf: [owned, development] })),
    ).resolves.toEqual(['mine']);
    await expect(
      namesFor(decide({ anyOf: [owned, { not: development }] })),
    ).resolves.toEqual(['live', 'mine']);
    await expect(
      namesFor(decide(conditions.isOwner({ claims: [] }))),
    ).resolves.toEqual([]);
    // There is no column for the environment type here.
    await expect(
      namesFor(decide(conditions.hasEnvironmentType({ types: ['x'] }))),
    ).resolves.toEqual([]);
    await expect(
      namesFor({ result: AuthorizeResult.DENY }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
  });
});

it('runs on PostgreSQL where everything is required', () => {
  expect(databases.supports('POSTGRES_18') || !process.env.CI_REQUIRE_ALL).toBe(
    true,
  );
});
