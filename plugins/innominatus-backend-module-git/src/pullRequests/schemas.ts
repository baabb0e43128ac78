import { parseDuration } from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import { line } from '../schema';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_FILES = 100;
const LARGEST_FILE = 256 * 1024;

/** Until it is filled in, a reference may stand where a duration stands. */
const duration = (min: number, max: number, example: string) =>
  z.union([z.string(), z.number()]).refine(value => {
    const ms = parseDuration(value);
    return ms === undefined
      ? typeof value === 'string' && value.includes('$')
      : ms >= min && ms <= max;
  }, `expected a duration such as "${example}"`);

const repository = z.string().min(1).describe('https address');

const branch = z.string().min(1).max(200);

const page = z.string().min(1).max(2_000);

/** Configuration of a step of type `git-pr`. */
export const gitPrSchema = z.strictObject({
  repository,
  base: branch.default('main').describe('Branch to merge into. Default: main'),
  branch: branch
    .optional()
    .describe(
      'Branch with the change. Default: innominatus/ and the name of the resource or application, with the number of the run',
    ),
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(500),
        content: z.string().max(LARGEST_FILE).optional(),
      }),
    )
    .max(MOST_FILES)
    .describe('What changes; a file without content is removed'),
  message: z.string().min(1).max(5_000).optional().describe('Commit message'),
  link: page
    .optional()
    .describe(
      'Page on which people see the change. Default: the comparison of the branches, as GitHub, Gitea and Forgejo have it',
    ),
  author: z
    .strictObject({ name: line(200), email: line(200) })
    .optional()
    .describe('Author of the commit. Default: from the app-config'),
});

export type GitPrConfig = z.output<typeof gitPrSchema>;

/** Configuration of a step of type `git-check-pr`. */
export const gitCheckPrSchema = z.strictObject({
  repository,
  base: branch.default('main').describe('Branch to merge into. Default: main'),
  branch: z
    .string()
    .max(200)
    .describe('Output `branch` of the step of type git-pr'),
  commit: z.string().max(64).describe('Its output `commit`'),
  files: z
    .record(z.string(), z.string())
    .optional()
    .describe('Its output `files`; finds what was squashed or rebased'),
  link: page.optional().describe('Its output `link`'),
  title: z.string().min(1).max(200).optional(),
  outputsFile: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe(
      'JSON file on the base branch with the outputs; waited for as well',
    ),
  sensitive: z.array(z.string()).optional(),
  every: duration(1_000, DAY_MS, '1m')
    .optional()
    .describe('Pause between two looks. Default: 1m'),
  expiresAfter: duration(1_000, 90 * DAY_MS, '7d')
    .optional()
    .describe('How long to wait. Default: 7d'),
});

export type GitCheckPrConfig = z.output<typeof gitCheckPrSchema>;
