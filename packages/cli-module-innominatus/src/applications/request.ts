import type {
  InnominatusClient,
  JsonObject,
  PlanRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError, UsageError } from '../framework/errors';
import { readTextFile } from '../score/scoreFile';
import { readParameters } from './parameters';
import {
  ApplicationKey,
  formatApplication,
  isFile,
  resolveApplication,
} from './reference';

/** The options of `plan` and `deploy` that say what is deployed. */
export interface RequestFlags {
  env: string | undefined;
  param: string[];
  'override-property': string[];
  'overrides-file': string | undefined;
  image: string | undefined;
  'golden-path': string | undefined;
  'keep-unused': boolean;
}

const DEFAULT_GOLDEN_PATH = 'deploy-app';
/** Among them is the one that is deployed now. */
const RECENT_DEPLOYMENTS = 50;

/**
 * Makes a request out of the command line. A Score file is read here too, so
 * that its errors show before anything is sent.
 */
export async function readRequest(
  context: CommandContext,
  target: string,
  flags: RequestFlags,
): Promise<{ application: ApplicationKey; request: PlanRequest }> {
  const options = await readChanges(context, flags);
  const { application, source } = await readSource(context, target, {
    ...options,
    environment: flags.env,
  });
  const client = await context.client();
  return {
    application,
    request: {
      action: 'deploy',
      ...source,
      ...options,
      goldenPath: flags['golden-path'],
      prune: flags['keep-unused'] ? false : undefined,
      parameters: await parametersFor(client, application, flags),
    },
  };
}

/** What of the Score spec is changed before it is deployed. */
export async function readChanges(
  context: CommandContext,
  flags: Pick<RequestFlags, 'override-property' | 'overrides-file' | 'image'>,
): Promise<Pick<PlanRequest, 'overrides' | 'overrideProperties' | 'image'>> {
  return {
    overrides: flags['overrides-file']
      ? await readOverrides(context, flags['overrides-file'])
      : undefined,
    overrideProperties: flags['override-property'].length
      ? flags['override-property']
      : undefined,
    image: flags.image,
  };
}

/** Where the Score spec comes from: the line, or the catalog. */
export interface Source {
  application: ApplicationKey;
  source: Pick<PlanRequest, 'score' | 'file' | 'sources' | 'entityRef'>;
}

export interface SourceOptions {
  environment?: string;
  overrides?: JsonObject;
  overrideProperties?: string[];
  image?: string;
}

/** Reads a Score file, or finds the spec of an application. */
export async function readSource(
  context: CommandContext,
  target: string,
  options: SourceOptions,
): Promise<Source> {
  return isFile(target)
    ? fromFile(context, target, options)
    : fromApplication(context, target, options.environment);
}

async function fromFile(
  context: CommandContext,
  target: string,
  options: SourceOptions,
): Promise<Source> {
  const { text, file } = await readTextFile(context, target);
  const { readWorkload } = await import('../score/readWorkload');
  const { readFileSources, readableSources } =
    await import('../score/readFileSources');
  const { overrides, overrideProperties, image } = options;
  const changed = { text, file, overrides, overrideProperties, image };
  const sources = await readFileSources(changed);
  const { name } = readWorkload(context, {
    ...changed,
    sources,
    deployable: true,
  });
  const environment =
    options.environment ?? (await onlyEnvironment(await context.client()));
  return {
    application: { environment, name },
    source: { score: text, file, sources: readableSources(sources) },
  };
}

async function fromApplication(
  context: CommandContext,
  target: string,
  environment: string | undefined,
): Promise<Source> {
  const client = await context.client();
  const application = await resolveApplication(target, { environment, client });
  const { entityRef, score } = await client.getApplication(application);
  const label = formatApplication(application);
  if (entityRef) {
    context.talk.say(`Taking the Score spec of ${label} from ${entityRef}.`);
    return { application, source: { entityRef } };
  }
  if (score) {
    context.talk.say(`Taking the Score spec of ${label} as last deployed.`);
    return { application, source: { score } };
  }
  throw new CliError(`"${label}" has no Score spec yet.`, {
    next: `Name a Score file: innominatus deploy score.yaml --env ${application.environment}`,
  });
}

async function onlyEnvironment(client: InnominatusClient): Promise<string> {
  const { items } = await client.listEnvironments();
  if (items.length === 1) {
    return items[0].name;
  }
  throw new UsageError(
    items.length
      ? `Say where, with --env. There are: ${items.map(({ name }) => name).join(', ')}.`
      : 'There is no environment to deploy to.',
    items.length
      ? {}
      : { next: 'The platform team adds them under innominatus.locations.' },
  );
}

async function parametersFor(
  client: InnominatusClient,
  application: ApplicationKey,
  flags: RequestFlags,
): Promise<PlanRequest['parameters']> {
  if (flags.param.length === 0) {
    return undefined;
  }
  const name =
    flags['golden-path'] ?? (await currentGoldenPath(client, application));
  return readParameters(flags.param, await client.getGoldenPath(name));
}

/** The one that the backend takes when none is named. */
async function currentGoldenPath(
  client: InnominatusClient,
  { environment, name }: ApplicationKey,
): Promise<string> {
  const { items } = await client.listDeployments({
    environment: [environment],
    name: [name],
    limit: RECENT_DEPLOYMENTS,
  });
  const removed = items.findIndex(
    ({ action, status }) => action === 'delete' && status === 'succeeded',
  );
  const known = items
    .slice(0, removed < 0 ? undefined : removed)
    .filter(({ action }) => action !== 'deprovision' && action !== 'delete');
  const current =
    known.find(({ status }) => status === 'succeeded') ?? known[0];
  return current?.goldenPath ?? DEFAULT_GOLDEN_PATH;
}

async function readOverrides(
  context: CommandContext,
  path: string,
): Promise<JsonObject> {
  const { text, file } = await readTextFile(context, path);
  const { readMapText } = await import('../score/readWorkload');
  return readMapText(text, {
    file,
    title: 'overrides',
    example: 'containers: {main: {image: nginx}}',
  });
}
