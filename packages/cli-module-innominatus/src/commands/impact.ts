import {
  type Impact,
  type ImpactRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { impactText } from '../providers/impactText';
import { readDefinitionFiles } from '../providers/readDefinitionFiles';

const PAGE = 200;

/** `providers impact` and `golden-paths impact`. */
function defineImpactCommand(noun: 'providers' | 'golden-paths') {
  return defineCommand({
    name: `${noun} impact`,
    summary: `Show what other ${noun === 'providers' ? 'providers' : 'golden paths'} would change`,
    description:
      'Changes nothing. Compares what is in use with the files and folders that\nare named, or with another branch, tag or commit of a location.',
    args: [
      {
        name: 'file',
        several: true,
        description: 'Files and folders with definitions',
        complete: 'file',
      },
    ],
    flags: {
      location: {
        type: 'string',
        value: 'TARGET',
        description: 'Location as in "locations list"',
      },
      ref: {
        type: 'string',
        value: 'BRANCH',
        description: 'Branch, tag or commit of the location',
      },
      env: {
        type: 'list',
        short: 'e',
        value: 'ENVIRONMENT',
        description: 'Only applications in this environment',
        complete: 'environment',
      },
      'exit-code': {
        type: 'boolean',
        description: 'Exit with 3 when an application would change',
      },
    },
    examples: [
      {
        line: `innominatus ${noun} impact ./${noun}`,
        about: 'before the files are pushed',
      },
      {
        line: `innominatus ${noun} impact --location https://git.example.com/platform.git --ref my-branch -o json`,
        about: 'for a pull request',
      },
    ],
    async run(context, { args, flags }) {
      const { location, ref, env } = flags;
      if (args.file.length > 0 === (ref !== undefined)) {
        throw new UsageError(
          'Name files, or a branch with --location and --ref.',
        );
      }
      const request: ImpactRequest = {
        location,
        ref,
        files:
          args.file.length > 0
            ? await readDefinitionFiles(context, args.file)
            : undefined,
        environments: env.length > 0 ? env : undefined,
        limit: PAGE,
      };
      const client = await context.client();
      const call = { signal: context.io.signal };
      const ask = (page: ImpactRequest) =>
        noun === 'providers'
          ? client.previewProviders(page, call)
          : client.previewGoldenPaths(page, call);
      let page = await ask(request);
      const impact: Impact = { ...page, items: [...page.items] };
      while (page.nextCursor !== undefined) {
        page = await ask({ ...request, cursor: page.nextCursor });
        impact.items.push(...page.items);
        impact.looked += page.looked;
      }
      delete impact.nextCursor;
      await context.out.object(impact, {
        text: styles => impactText(impact, styles),
        name: () =>
          impact.items
            .map(item => `${item.environment}/${item.name}`)
            .join('\n'),
      });
      return flags['exit-code'] && impact.items.length > 0
        ? ExitCode.changes
        : undefined;
    },
  });
}

export const providersImpactCommand = defineImpactCommand('providers');
export const goldenPathsImpactCommand = defineImpactCommand('golden-paths');
