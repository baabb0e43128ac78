import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoggerService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { GitCommitManifestsConfig, gitCommitManifestsSchema } from '../schema';

export interface TestStepOptions {
  config: JsonObject;
  artifacts?: Record<string, string>;
  application?: StepContext['application'];
  environment?: StepContext['environment'];
  parameters?: StepContext['parameters'];
  signal?: AbortSignal;
}

/** The operator's log is of no interest here. */
const silentLogger: LoggerService = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => silentLogger,
};

/** A context as the engine makes it, with a log that can be read. */
export function createTestStep(
  options: TestStepOptions,
  schema: StepType['schema'] = gitCommitManifestsSchema,
) {
  const lines: string[] = [];
  const redacted: string[] = [];
  const write = (line: string) => {
    lines.push(line);
  };
  const workspace = mkdtemp(join(tmpdir(), 'workspace-'));
  const context: StepContext<GitCommitManifestsConfig> = {
    config: schema.parse(options.config) as never,
    run: {
      id: 'run-1',
      number: 7,
      initiator: 'user:default/guest',
      workflow: 'deploy-app',
    },
    step: { name: 'commit', attempt: 1 },
    application: options.application,
    environment: options.environment,
    parameters: options.parameters ?? {},
    env: {},
    log: { info: write, warn: write, error: write },
    logger: silentLogger,
    signal: options.signal ?? new AbortController().signal,
    idempotencyKey: 'run-1/commit/1',
    fencingToken: 1,
    resumed: false,
    workspace: () => workspace,
    artifacts: {
      write: async () => {},
      read: async name => options.artifacts?.[name],
    },
    runner: {
      run: async () => {
        throw new Error('This step runs no programs');
      },
      attach: async () => undefined,
    },
    keepSecret: async name => ({ $secretRef: name }),
    resolveSecrets: async value => value,
    resolveSecretText: async text => text,
    redact: value => {
      redacted.push(value);
    },
  };
  return { context, lines, redacted, workspace };
}
