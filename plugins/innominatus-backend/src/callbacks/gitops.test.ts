import {
  createGitCheckPrStepType,
  createGitPrStepType,
} from '@innominatus/backstage-plugin-innominatus-backend-module-git';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { eventually } from '../__testUtils__/TestEngine';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const GIT_CONFIG = {
  credentials: [],
  allowFile: true,
  author: { name: 'innominatus', email: 'innominatus@example.com' },
};

const platformFile = (repository: string) => `apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, version: 1.0.0 }
spec:
  steps:
    - { name: provision, type: resource-provisioning }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: gitops, version: 1.0.0 }
spec:
  resourceTypes:
    - type: postgres
      outputs:
        - { name: host }
        - { name: password, sensitive: true }
      operations:
        create: { workflow: propose-postgres }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: propose-postgres }
spec:
  steps:
    - name: propose
      type: git-pr
      config:
        repository: ${repository}
        files:
          - path: databases/\${params.resource.slug}.yaml
            content: |
              name: \${params.resource.slug}
              size: \${params.size}
        message: Add the database \${params.resource.slug}
        link: https://git.example/infra/pulls/\${params.resource.slug}
    - name: merge
      type: git-check-pr
      config:
        repository: ${repository}
        branch: \${propose.branch}
        commit: \${propose.commit}
        files: \${propose.files}
        link: \${propose.link}
        title: Pull request of \${params.resource.name}
        outputsFile: 'outputs/\${params.resource.slug}.json'
        sensitive: [password]
        every: 1s
  outputs:
    host: \${merge.host}
    password: \${merge.password}
`;

const SCORE = `apiVersion: score.dev/v1b1
metadata: { name: orders }
containers:
  main: { image: nginx }
resources:
  db: { type: postgres, params: { size: small } }
`;

/** A repository, and somebody who reviews what comes in. */
class Reviewer {
  readonly root = mkdtempSync(path.join(tmpdir(), 'gitops-'));
  readonly #bare = path.join(this.root, 'infra.git');

  constructor() {
    this.git(this.root, 'init', '--quiet', '--bare', '-b', 'main', this.#bare);
    this.#commit(clone => writeFileSync(path.join(clone, 'README.md'), 'hi'));
  }

  get url(): string {
    return `file://${this.#bare}`;
  }

  branches(): string[] {
    return this.git(this.#bare, 'branch', '--format=%(refname:short)')
      .trim()
      .split('\n')
      .filter(name => name !== 'main');
  }

  show(name: string): string {
    return this.git(this.#bare, 'show', name);
  }

  merge(branch: string): void {
    this.#commit(clone => {
      this.git(clone, 'merge', '--quiet', '--squash', `origin/${branch}`);
    });
    this.reject(branch);
  }

  reject(branch: string): void {
    this.git(this.#bare, 'branch', '--quiet', '-D', branch);
  }

  /** The tool behind the repository says what it made. */
  publish(name: string, outputs: object): void {
    this.#commit(clone => {
      mkdirSync(path.join(clone, 'outputs'), { recursive: true });
      writeFileSync(path.join(clone, 'outputs', name), JSON.stringify(outputs));
    });
  }

  #commit(change: (clone: string) => void): void {
    const clone = mkdtempSync(path.join(this.root, 'clone-'));
    this.git(clone, 'clone', '--quiet', this.#bare, '.');
    this.git(clone, 'checkout', '--quiet', '-B', 'main');
    change(clone);
    this.git(clone, 'add', '--all');
    this.git(clone, 'commit', '--quiet', '-m', 'Reviewed');
    this.git(clone, 'push', '--quiet', 'origin', 'main');
  }

  git(cwd: string, ...args: string[]): string {
    const someone = { NAME: 'someone', EMAIL: 'someone@example.com' };
    return execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.root,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: someone.NAME,
        GIT_AUTHOR_EMAIL: someone.EMAIL,
        GIT_COMMITTER_NAME: someone.NAME,
        GIT_COMMITTER_EMAIL: someone.EMAIL,
      },
    });
  }
}

describe.each(databases.each())('resources by pull request on %s', id => {
  let knex: Knex;
  let reviewer: Reviewer;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  const start = async () => {
    platform = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', platformFile(reviewer.url)]]),
      stepTypes: [
        createGitPrStepType(GIT_CONFIG),
        createGitCheckPrStepType(GIT_CONFIG),
      ],
    });
  };

  const begin = async (): Promise<string> => {
    const { body } = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE })
      .expect(202);
    await eventually(async () => {
      const { waiting } = await platform.runs.get(body.runId);
      return waiting?.kind === 'outside';
    }, 30_000);
    return body.runId;
  };

  const resource = async () => {
    const { body } = await platform.api.get('/resources').expect(200);
    return body.items[0];
  };

  beforeEach(async () => {
    knex = await databases.init(id);
    reviewer = new Reviewer();
    await start();
  });

  afterEach(async () => {
    await platform.stop();
    rmSync(reviewer.root, { recursive: true, force: true });
  });

  it('wait with a link for the merge, over a restart, and have what was published', async () => {
    const runId = await begin();
    const [branch] = reviewer.branches();
    expect(
      reviewer.show(
        `${branch}:databases/postgres-default-orders-db-bb4949.yaml`,
      ),
    ).toBe('name: postgres-default-orders-db-bb4949\nsize: small\n');
    // It is at work for a moment each time it looks.
    let shown = await resource();
    await eventually(async () => {
      shown = await resource();
      return shown.waitingFor !== undefined;
    });
    expect(shown).toMatchObject({
      state: 'provisioning',
      waitingFor: {
        message: 'Waits for Pull request of db to be merged.',
        link: {
          url: 'https://git.example/infra/pulls/postgres-default-orders-db-bb4949',
          title: 'Pull request of db',
        },
      },
    });
    await platform.stop();
    reviewer.merge(branch);
    await start();
    await eventually(
      async () =>
        (await resource()).waitingFor?.message.startsWith('Merged;') ?? false,
      30_000,
    );
    reviewer.publish('postgres-default-orders-db-bb4949.json', {
      host: 'db.example',
      password: 'only-for-the-app',
    });
    const run = await platform.waitForEnd(runId);
    expect(run.failure).toBeUndefined();
    expect(await resource()).toMatchObject({
      state: 'active',
      outputs: { host: 'db.example', password: '••••' },
    });
    expect(reviewer.branches()).toEqual([]);
  });

  it('fail when the pull request is rejected', async () => {
    const runId = await begin();
    const [branch] = reviewer.branches();
    reviewer.reject(branch);
    const run = await platform.waitForEnd(runId);
    expect(run.status).toBe('failed');
    expect(run.failure?.error).toMatchObject({
      code: 'GIT_PR_REJECTED',
      message: expect.stringContaining('Pull request of db was rejected'),
    });
    expect(await resource()).toMatchObject({ state: 'failed' });
  });
});
