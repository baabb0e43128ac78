import { FlagDefinition, FlagValues } from './command';

const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Options that every command accepts, at any place of the line. */
export const globalFlags = {
  context: {
    type: 'string',
    value: 'NAME',
    description: 'Use this saved context instead of the current one',
    complete: 'context',
  },
  url: {
    type: 'string',
    value: 'URL',
    description: 'Address of the Backstage backend',
  },
  'token-stdin': {
    type: 'boolean',
    description: 'Read the token from stdin',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    choices: OUTPUT_FORMATS,
    description: 'Format of stdout: table, wide, json, yaml or name',
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    description: 'Only data and errors, no progress and no hints',
  },
  verbose: {
    type: 'boolean',
    short: 'v',
    description: 'Also say which requests are made',
  },
  yes: {
    type: 'boolean',
    short: 'y',
    description: 'Answer questions with yes',
  },
  'no-input': { type: 'boolean', description: 'Never ask, fail instead' },
  'no-color': {
    type: 'boolean',
    description: 'No colors; the NO_COLOR variable does the same',
  },
  help: { type: 'boolean', short: 'h', description: 'Show this help' },
  version: { type: 'boolean', description: 'Show the version', hidden: true },
} as const satisfies Record<string, FlagDefinition>;

export type GlobalFlagValues = FlagValues<typeof globalFlags>;
