import { z } from 'zod';

export const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}<>]+$/u, 'expected one line without "<" and ">"');

/** Configuration of a step of type `git-commit-manifests`. */
export const gitCommitManifestsSchema = z.strictObject({
  operation: z
    .enum(['write', 'delete'])
    .default('write')
    .describe(
      'write puts the files there, delete removes them. Default: write',
    ),
  repository: z
    .string()
    .min(1)
    .optional()
    .describe('https address. Default: the one of the environment'),
  branch: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Default: the one of the environment, else main'),
  path: z
    .string()
    .max(500)
    .optional()
    .describe(
      'Folder of the files. Default: the path of the environment and below it the name of the application',
    ),
  message: z
    .string()
    .min(1)
    .max(5_000)
    .optional()
    .describe(
      'Commit message. Default: names the application and the environment',
    ),
  artifact: z
    .string()
    .min(1)
    .default('manifests')
    .describe('Artifact of the run with the manifests. Default: manifests'),
  prune: z
    .boolean()
    .default(true)
    .describe(
      'write: removes the files of what is no longer delivered. Default: true',
    ),
  author: z
    .strictObject({ name: line(200), email: line(200) })
    .optional()
    .describe('Author of the commit. Default: from the app-config'),
});

/** Checked configuration of a step of type `git-commit-manifests`. */
export type GitCommitManifestsConfig = z.output<
  typeof gitCommitManifestsSchema
>;
