import {
  createStepType,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { derivedId } from '../database';
import { ResourceStore } from '../resources/types';
import { SecretStore } from '../secrets/types';
import { CallbackStore } from './types';

const SECRET_BYTES = 32;
/** As long as a report may take at the most, until a step waits for it. */
const LONGEST_MS = 90 * 24 * 60 * 60 * 1000;

export interface CallbackStepTypeOptions {
  callbacks: CallbackStore;
  resources: Pick<ResourceStore, 'get'>;
  secrets: Pick<SecretStore, 'get' | 'put'>;
  /** Address of this plugin as systems outside see it. */
  externalUrl: () => Promise<string>;
}

/**
 * Step type that opens a place where a system outside can report back about the
 * resource of the run. What it answers is for the system alone: the secret is
 * good for this one piece of work, and is handed on as a reference.
 */
export function createCallbackStepType(options: CallbackStepTypeOptions) {
  const { callbacks, resources, secrets, externalUrl } = options;
  return createStepType({
    name: 'callback',
    description:
      'Opens an address, with a secret, at which a system outside reports back about a resource',
    schema: z.strictObject({}),
    effects: 'none',
    onInterrupt: 'rerun',
    defaultTimeoutMs: 60_000,
    async run(context) {
      const { run, step, parameters, log } = context;
      const { guid } = (parameters.resource ?? {}) as { guid?: unknown };
      const resource =
        typeof guid === 'string' ? await resources.get(guid) : undefined;
      // Parameters may come from anybody; only the run that works on a resource
      // may say who reports about it.
      if (!resource || resource.runId !== run.id) {
        throw new StepFailure(
          'A callback belongs to a resource, but this run works on none. Use the step type "callback" in the workflow of a provider.',
          { code: 'CALLBACK_WITHOUT_RESOURCE' },
        );
      }
      const id = derivedId(`${run.id}/${step.name}/callback`);
      const secretRef = `run/${run.id}/${step.name}/secret`;
      const known = await secrets
        .get({ $secretRef: secretRef })
        .catch(notFound);
      if (known === undefined) {
        const secret = randomBytes(SECRET_BYTES).toString('base64');
        await secrets.put(secretRef, `whsec_${secret}`);
      }
      await callbacks.open({
        id,
        resourceId: resource.id,
        runId: run.id,
        secretRef,
        expiresAt: Date.now() + LONGEST_MS,
      });
      const url = `${await externalUrl()}/v1/resources/${resource.id}/callback`;
      log.info(`Reports about "${resource.uid}" are taken at ${url}`);
      return {
        outputs: { id, url, secret: { $secretRef: secretRef } },
        sensitive: ['secret'],
      };
    },
  });
}

function notFound(error: Error): undefined {
  if (error.name !== 'NotFoundError') {
    throw error;
  }
  return undefined;
}
