import { z } from 'zod';
import { compileWorkflow } from './compileWorkflow';
import { CompileOptions } from './options';
import { readWorkflowDocuments } from './readWorkflowDocuments';

export const stepTypes: CompileOptions['stepTypes'] = {
  simulate: {},
  wait: {
    schema: z.object({ duration: z.string() }),
    defaultTimeoutMs: 60_000,
  },
  'gitea-repo': {
    schema: z.strictObject({
      repoName: z.string().min(1),
      private: z.boolean().optional(),
      owner: z.string().optional(),
    }),
  },
  scale: {
    schema: z.object({
      replicas: z.number().int().max(5),
      mode: z.enum(['up', 'down']).default('up'),
      outputs: z.array(z.string()).optional(),
      target: z
        .union([z.string().url(), z.object({ host: z.string() })])
        .optional(),
    }),
  },
};

export function compile(text: string, options: CompileOptions = {}) {
  const [document] = readWorkflowDocuments(text, { file: 'w.yaml' });
  if (document.diagnostics.length > 0) {
    throw new Error(document.diagnostics[0].message);
  }
  return compileWorkflow(document.value, {
    stepTypes,
    ...document,
    ...options,
  });
}

export const HEAD = `apiVersion: innominatus.dev/v1
kind: Workflow
metadata:
  name: test
`;

export const steps = (...lines: string[]) =>
  `${HEAD}spec:\n  steps:\n${lines.map(line => `    - ${line}\n`).join('')}`;

export const problems = (text: string, options?: CompileOptions) =>
  compile(text, options)
    .diagnostics.filter(d => d.severity !== 'info')
    .map(d => `${d.code} ${d.pointer}`);

export const order = (text: string) =>
  Object.fromEntries(
    (compile(text).definition?.steps ?? []).map(step => [
      step.name,
      step.dependsOn,
    ]),
  );
