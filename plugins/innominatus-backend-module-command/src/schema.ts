import { parseDuration } from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';

/** A reference may bring a number or a truth value where text is meant. */
const text = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(value => String(value));

const bytes = z.number().int().min(1);

/** Configuration of a step of type `command`. */
export const commandSchema = z.strictObject({
  program: z
    .string()
    .min(1)
    .max(1000)
    .describe('Program as the platform team lists it, for example "terraform"'),
  args: z
    .array(text)
    .max(1000)
    .default([])
    .describe('Arguments, each as it is written; there is no shell'),
  stdin: z
    .string()
    .optional()
    .describe('Text for the standard input. Default: none'),
  cwd: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('Folder in the workspace of the run. Default: the workspace'),
  successExitCodes: z
    .array(z.number().int().min(0).max(255))
    .min(1)
    .default([0])
    .describe('Exit codes that are no failure. Default: 0'),
  grace: z
    .union([z.string(), z.number()])
    .refine(
      value => value === 'unlimited' || parseDuration(value) !== undefined,
      'expected a duration such as "30s" or "5m", or "unlimited"',
    )
    .default('30s')
    .describe(
      'How long the program may take to end when the step is cancelled, before it is killed. Default: 30s',
    ),
  whenLost: z
    .enum(['fail', 'rerun'])
    .default('fail')
    .describe(
      'What to do when nobody knows how the program ended, because its machine is gone. Default: fail',
    ),
  limits: z
    .strictObject({
      outputBytes: bytes
        .optional()
        .describe('Output beyond it is dropped. Default: of the app-config'),
      memoryBytes: bytes
        .optional()
        .describe('Memory of the program. Default: of the app-config'),
    })
    .default({}),
});

/** Checked configuration of a step of type `command`. */
export type CommandConfig = z.output<typeof commandSchema>;
