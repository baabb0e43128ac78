import {
  JsonObject,
  JsonValue,
  isSecretReference,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepContext } from '@innominatus/backstage-plugin-innominatus-node';
import { LoggerService } from '@backstage/backend-plugin-api';
import { kubernetesStepSchema, KubernetesStepConfig } from '../schema';

export interface TestStepOptions {
  config: JsonObject;
  artifacts?: Record<string, string>;
  environment?: StepContext['environment'];
  application?: StepContext['application'];
  /** Values by reference. */
  secrets?: Record<string, string>;
  /** In place of `artifacts`, to be looked at and handed on. */
  stored?: Map<string, string>;
  /** In place of `secrets`, to be looked at and handed on. */
  kept?: Map<string, string>;
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
export function createTestStep(options: TestStepOptions): {
  context: StepContext<KubernetesStepConfig>;
  lines: string[];
} {
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
  };
  const artifacts =
    options.stored ?? new Map(Object.entries(options.artifacts ?? {}));
  const kept = options.kept ?? new Map(Object.entries(options.secrets ?? {}));
  const resolve = (value: JsonValue): JsonValue => {
    if (isSecretReference(value)) {
      return kept.get(value.$secretRef) ?? '';
    }
    if (typeof value === 'string') {
      return value.replace(
        /__innominatus_secret_([0-9a-f]+)__/g,
        (_all, hex) => {
          const ref = Buffer.from(hex, 'hex').toString('utf8');
          return kept.get(ref) ?? '';
        },
      );
    }
    return typeof value === 'object' && value !== null
      ? (Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, resolve(item)]),
        ) as JsonObject)
      : value;
  };
  const context: StepContext<KubernetesStepConfig> = {
    config: kubernetesStepSchema.parse(options.config),
    run: {
      id: 'run-1',
      number: 1,
      initiator: 'user:default/guest',
      workflow: 'deploy-app',
    },
    step: { name: 'apply', attempt: 1 },
    environment: options.environment,
    application: options.application,
    parameters: {},
    env: {},
    log: { info: write, warn: write, error: write },
    logger: silentLogger,
    signal: options.signal ?? new AbortController().signal,
    idempotencyKey: 'run-1/apply/1',
    fencingToken: 1,
    resumed: false,
    workspace: async () => {
      throw new Error('This step needs no workspace.');
    },
    artifacts: {
      write: async (name, content) => {
        artifacts.set(name, content);
      },
      read: async name => artifacts.get(name),
    },
    runner: {
      run: async () => {
        throw new Error('This step runs no programs');
      },
      attach: async () => undefined,
    },
    keepSecret: async (name, value) => {
      kept.set(name, value);
      return { $secretRef: name };
    },
    resolveSecrets: async value => resolve(value) as typeof value,
    resolveSecretText: async text => String(resolve(text)),
    redact: () => {},
  };
  return { context, lines };
}
