import { randomUUID } from 'node:crypto';
import type {
  DeploymentSummary,
  GoldenPath,
  GoldenPathRunRequest,
  InnominatusClient,
  RunSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { readParameters } from '../applications/parameters';
import {
  SourceOptions,
  readChanges,
  readSource,
} from '../applications/request';
import { followDeployment } from '../applications/startDeployment';
import { defineCommand } from '../framework/command';
import { CommandContext } from '../framework/context';
import { isApiError } from '../framework/describeError';
import { UsageError } from '../framework/errors';
import { finishRun } from '../runs/finishRun';
import { readPriority } from '../runs/readPriority';
import { runResult } from '../runs/runText';
import { noteWatching, watchRun } from '../runs/watchRun';
import {
  envFlag,
  freezeFlag,
  priorityFlag,
  requestFlags,
  startFlags,
} from './sharedFlags';

export const runCommand = runCommandOf('run');
export const goldenPathsRunCommand = runCommandOf('golden-paths run');

function runCommandOf(name: string) {
  return defineCommand({
    name,
    summary: 'Run a golden path',
    args: [
      {
        name: 'golden-path',
        required: true,
        description: 'Name of the golden path',
        complete: 'goldenPath',
      },
      {
        name: 'target',
        description: 'Score file or ENV/NAME, where the golden path needs one',
        complete: 'file',
      },
    ],
    flags: {
      env: envFlag,
      image: requestFlags.image,
      param: requestFlags.param,
      'override-property': requestFlags['override-property'],
      'overrides-file': requestFlags['overrides-file'],
      ...freezeFlag,
      priority: priorityFlag,
      ...startFlags,
    },
    examples: [
      {
        line: `innominatus ${name} deploy-app score.yaml --env development --watch`,
        about: 'with a Score file',
      },
      {
        line: `innominatus ${name} new-team --param name=payments`,
        about: 'with a parameter',
      },
    ],
    async run(context, { args, flags }) {
      const client = await context.client();
      const path = await client.getGoldenPath(args['golden-path']);
      const changes = await readChanges(context, flags);
      const request = await subjectOf(context, path, {
        ...changes,
        target: args.target,
        environment: flags.env,
      });
      const { run, deployment } = await orWaiting(
        client,
        client.runGoldenPath(
          path.name,
          {
            ...request,
            ...changes,
            overrideFreeze: flags['override-freeze'],
            parameters: await readParameters(flags.param, path),
            priority: readPriority(flags.priority),
          },
          {
            idempotencyKey: flags['idempotency-key'] ?? randomUUID(),
            signal: context.io.signal,
          },
        ),
      );
      if (deployment) {
        return followDeployment(context, deployment, {
          watch: flags.watch,
          timeoutMs: flags.timeout,
        });
      }
      noteWatching(context, run.number);
      if (flags.watch) {
        const ended = await watchRun(context, run.id, {
          timeoutMs: flags.timeout,
        });
        return finishRun(context, ended, ended);
      }
      await context.out.object(run, {
        text: styles => runResult(run, styles),
        name: () => String(run.number),
      });
      context.talk.next(`Follow it: innominatus runs watch ${run.number}`);
      return undefined;
    },
  });
}

/** What the golden path works on: a Score file, an application or nothing. */
async function subjectOf(
  context: CommandContext,
  path: GoldenPath,
  options: SourceOptions & { target?: string },
): Promise<GoldenPathRunRequest> {
  const { target, ...sourceOptions } = options;
  if (target === undefined) {
    if (path.needsApplication) {
      throw new UsageError(
        `The golden path "${path.name}" needs a Score file or an application ENV/NAME.`,
        {
          next: `For example: innominatus run ${path.name} score.yaml --env development`,
        },
      );
    }
    return {};
  }
  const { application, source } = await readSource(
    context,
    target,
    sourceOptions,
  );
  return {
    environment: application.environment,
    score: source.score,
    sources: source.sources,
    entityRef: source.entityRef,
  };
}

/** Where people have to agree first there is a deployment, and no run yet. */
async function orWaiting(
  client: InnominatusClient,
  started: Promise<RunSummary>,
): Promise<
  | { run: RunSummary; deployment?: undefined }
  | { run?: undefined; deployment: DeploymentSummary }
> {
  try {
    return { run: await started };
  } catch (error) {
    if (!isApiError(error) || !error.deploymentId) {
      throw error;
    }
    const deployment = await client.getDeployment(error.deploymentId);
    if (deployment.endedAt) {
      throw error;
    }
    return { deployment };
  }
}
