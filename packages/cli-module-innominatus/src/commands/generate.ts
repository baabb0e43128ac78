import { defineCommand } from '../framework/command';
import { ExitCode } from '../framework/exitCodes';
import { requestFlags } from './sharedFlags';

const FORMATS = ['yaml', 'json'] as const;
const FINDINGS = ['text', 'simple', 'json'] as const;

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'Print the Kubernetes manifests of Score files',
  description:
    'The same bytes on every call. Resources have the outputs of --outputs, or those\nof the simulator. With an error in one file nothing is written and the exit code\nis 1.',
  args: [
    {
      name: 'file',
      required: true,
      several: true,
      description: 'Score files, or "-" for stdin',
      complete: 'file',
    },
  ],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      description:
        'Write to this file; "-" is stdout (default), json or yaml a format',
      complete: 'file',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      choices: FORMATS,
      description: 'yaml (default) or json, a List',
    },
    image: requestFlags.image,
    'overrides-file': requestFlags['overrides-file'],
    'override-property': requestFlags['override-property'],
    outputs: {
      type: 'string',
      value: 'FILE',
      description:
        'Outputs of resources, YAML or JSON: name or uid, then a map',
      complete: 'file',
    },
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAME',
      description: 'Namespace of all objects',
    },
    'generate-namespace': {
      type: 'boolean',
      description: 'Begin with the namespace itself',
    },
    env: requestFlags.env,
    diagnostics: {
      type: 'string',
      value: 'FORMAT',
      choices: FINDINGS,
      description:
        'How findings look on stderr: text (default), simple or json',
    },
  },
  examples: [
    {
      line: 'innominatus generate score.yaml -o -',
      about: 'print the manifests',
    },
    {
      line: 'innominatus generate score.yaml -i shop:1.4 -n shop -o manifests.yaml',
      about: 'for kubectl apply -f',
    },
    {
      line: 'innominatus generate shop.yaml catalog.yaml --outputs outputs.yaml',
      about: 'several workloads that share resources',
    },
  ],
  offline: true,
  async run(context, { args, flags }) {
    const { generate } = await import('../score/generate');
    const { output = '-' } = flags;
    // As with every other command; "./json" is a file of that name.
    const asked = FORMATS.find(item => item === output);
    const done = await generate(context, {
      files: args.file,
      output: asked ? '-' : output,
      format:
        asked ?? FORMATS.find(item => item === flags.format) ?? FORMATS[0],
      image: flags.image,
      overridesFile: flags['overrides-file'],
      overrideProperties: flags['override-property'],
      outputsFile: flags.outputs,
      namespace: flags.namespace,
      generateNamespace: flags['generate-namespace'],
      environment: flags.env,
      findings:
        FINDINGS.find(item => item === flags.diagnostics) ?? FINDINGS[0],
    });
    return done ? ExitCode.ok : ExitCode.failed;
  },
});
