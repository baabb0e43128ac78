import { ArgDefinition, FlagDefinition } from '../framework/command';

/** Option of commands that take an application. */
export const envFlag = {
  type: 'string',
  short: 'e',
  value: 'ENV',
  description: 'The environment',
  complete: 'environment',
} as const satisfies FlagDefinition;

/** Option that supplies the image of a Score file. */
const imageFlag = {
  type: 'string',
  short: 'i',
  value: 'IMAGE',
  description: 'Stands in for every image "."',
} as const satisfies FlagDefinition;

/** Options of `plan` and `deploy` that say what is deployed and how. */
export const requestFlags = {
  env: envFlag,
  image: imageFlag,
  param: {
    type: 'list',
    value: 'KEY=VALUE',
    description: 'Parameter of the golden path',
  },
  'override-property': {
    type: 'list',
    value: 'PATH=VALUE',
    description: 'Change one value of the Score spec',
  },
  'overrides-file': {
    type: 'string',
    value: 'FILE',
    description: 'YAML file that is merged over the Score spec',
    complete: 'file',
  },
  'golden-path': {
    type: 'string',
    value: 'NAME',
    description: 'Golden path to deploy with (default deploy-app)',
    complete: 'goldenPath',
  },
  'keep-unused': {
    type: 'boolean',
    description:
      'Leave resources and manifests that are not asked for any more',
  },
} as const satisfies Record<string, FlagDefinition>;

/** Argument of commands that take an application. */
export const applicationArg = {
  name: 'application',
  required: true,
  description: 'ENV/NAME',
  complete: 'application',
} as const satisfies ArgDefinition;

/** Argument of commands that take an environment. */
export const environmentArg = {
  name: 'environment',
  required: true,
  description: 'Name of the environment',
  complete: 'environment',
} as const satisfies ArgDefinition;

/** Argument of commands that take a schedule. */
export const scheduleArg = {
  name: 'name',
  required: true,
  description: 'Name of the golden path or workflow',
  complete: 'schedule',
} as const satisfies ArgDefinition;

/** Option of commands that start a run of their own. */
export const priorityFlag = {
  type: 'string',
  value: 'PRIORITY',
  description:
    'Order among waiting runs: -100 to 100, or low, normal, high (default: as the golden path says)',
  complete: ['low', 'normal', 'high'],
} as const satisfies FlagDefinition;

/** Option of commands that change an application. */
export const freezeFlag = {
  'override-freeze': {
    type: 'string',
    value: 'REASON',
    description:
      'Why it is done although the environment is frozen; needs the permission',
  },
} as const satisfies Record<string, FlagDefinition>;

/** Options of commands that start something. */
export const startFlags = {
  watch: {
    type: 'boolean',
    short: 'w',
    description: 'Show steps and log lines; exit with the result of the run',
  },
  timeout: {
    type: 'duration',
    value: 'TIME',
    description: 'Stop watching after so long, for example 10m (exit 7)',
  },
  'idempotency-key': {
    type: 'string',
    value: 'KEY',
    description: 'The same key and request start only once',
  },
} as const satisfies Record<string, FlagDefinition>;

/** Options of commands that retry or undo a run. */
export const followUpFlags = {
  'dry-run': { type: 'boolean', description: 'Only show the preview' },
  ...startFlags,
} as const satisfies Record<string, FlagDefinition>;

/** Options of commands that show a log. */
export const logFlags = {
  env: envFlag,
  follow: {
    type: 'boolean',
    short: 'f',
    description: 'Wait for new lines until the run has ended',
  },
  step: {
    type: 'string',
    value: 'STEP',
    description: 'Only lines of this step',
  },
  attempt: {
    type: 'integer',
    value: 'N',
    description: 'Only lines of this attempt',
  },
  search: {
    type: 'string',
    value: 'TEXT',
    description: 'Only lines with this text',
  },
  tail: {
    type: 'integer',
    value: 'N',
    description: 'Only the last N lines that are there',
  },
} as const satisfies Record<string, FlagDefinition>;
