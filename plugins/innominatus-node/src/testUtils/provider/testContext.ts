import { LoggerService } from '@backstage/backend-plugin-api';
import { StepContext } from '@innominatus/backstage-plugin-innominatus-node';

/** What a step is given in a test that says nothing else. */
export function testContext(attempt: {
  step: { name: string };
  attempt: number;
}): Omit<StepContext<any>, 'config' | 'parameters' | 'env'> {
  const { step, attempt: number } = attempt;
  const artifacts = new Map<string, string>();
  const silent = () => {};
  const logger: LoggerService = {
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
    child: () => logger,
  };
  const absent = (what: string) => async () => {
    throw new Error(`This test has no ${what}. Give one in "context".`);
  };
  return {
    run: {
      id: 'test',
      number: 1,
      initiator: 'user:default/test',
      workflow: 'test',
    },
    step: { name: step.name, attempt: number },
    log: { info: silent, warn: silent, error: silent },
    logger,
    signal: new AbortController().signal,
    idempotencyKey: `test/${step.name}/${number}`,
    fencingToken: 1,
    resumed: false,
    workspace: absent('workspace'),
    artifacts: {
      read: async name => artifacts.get(name),
      write: async (name, content) => {
        artifacts.set(name, content);
      },
    },
    runner: { run: absent('runner'), attach: absent('runner') },
    keepSecret: async name => ({ $secretRef: `test/${name}` }),
    resolveSecrets: async value => value,
    resolveSecretText: async text => text,
    redact: silent,
  };
}
