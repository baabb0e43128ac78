import { Entity } from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import {
  ANNOTATION_GOLDEN_PATH,
  Environment,
  GoldenPath,
  InnominatusClient,
  templateNameOf,
} from '@innominatus/backstage-plugin-innominatus-common';
import { readAllPages } from './pages';

const PAGE_SIZE = 200;

/** Every golden path as a scaffolder template with a form made of its parameters. */
export async function loadGoldenPathTemplates(
  client: InnominatusClient,
  signal: AbortSignal,
): Promise<Entity[]> {
  const goldenPaths = await readAllPages(cursor =>
    client.listGoldenPaths({ limit: PAGE_SIZE, cursor, signal }),
  );
  const environments = await readAllPages(cursor =>
    client.listEnvironments({ limit: PAGE_SIZE, cursor, signal }),
  );
  return goldenPaths
    .filter(({ state }) => state !== 'refused')
    .map(goldenPath => goldenPathTemplate(goldenPath, environments))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The template entity of one golden path. */
export function goldenPathTemplate(
  goldenPath: GoldenPath,
  environments: Environment[],
): Entity {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: {
      name: templateNameOf(goldenPath.name),
      title: goldenPath.title,
      description: goldenPath.description,
      tags: goldenPath.tags,
      annotations: { [ANNOTATION_GOLDEN_PATH]: goldenPath.name },
    },
    spec: {
      type: 'golden-path',
      ...(goldenPath.owner && { owner: goldenPath.owner }),
      parameters: formPages(goldenPath, environments),
      steps: [
        {
          id: 'run',
          name: goldenPath.title,
          action: 'innominatus:golden-path:run',
          input: {
            goldenPath: goldenPath.name,
            ...(goldenPath.parameters.length > 0 && {
              parameters: '${{ parameters.parameters }}',
            }),
            ...(goldenPath.needsApplication && {
              entityRef: '${{ parameters.workload }}',
              environment: '${{ parameters.environment }}',
              overrideFreeze: '${{ parameters.overrideFreeze }}',
            }),
            ...(deploys(goldenPath) && { image: '${{ parameters.image }}' }),
          },
        },
      ],
      output: {
        links: [
          {
            title: 'Run',
            icon: 'dashboard',
            url: '${{ steps.run.output.runUrl }}',
          },
          ...(goldenPath.needsApplication
            ? [
                {
                  title: 'Component',
                  icon: 'catalog',
                  entityRef: '${{ parameters.workload }}',
                },
              ]
            : []),
        ],
      },
    },
  };
}

function deploys(goldenPath: GoldenPath): boolean {
  return goldenPath.needsApplication && !goldenPath.removesApplication;
}

function formPages(
  goldenPath: GoldenPath,
  environments: Environment[],
): JsonObject[] {
  const pages: JsonObject[] = [];
  if (goldenPath.needsApplication) {
    pages.push({
      title: 'Workload and environment',
      required: ['workload', 'environment'],
      properties: {
        workload: {
          title: 'Workload',
          description: 'A component with a Score spec',
          type: 'string',
          'ui:field': 'EntityPicker',
          'ui:options': {
            catalogFilter: [
              {
                kind: 'Component',
                'metadata.annotations.innominatus.dev/workload': {
                  exists: true,
                },
              },
            ],
          },
        },
        environment: {
          title: 'Environment',
          type: 'string',
          enum: environments.map(({ name }) => name),
          enumNames: environments.map(({ name, title }) => title ?? name),
        },
        ...(deploys(goldenPath) && {
          image: {
            title: 'Image',
            description: 'Stands in for every image "." of the Score spec',
            type: 'string',
          },
        }),
        overrideFreeze: {
          title: 'Reason to act in a freeze window',
          description:
            'Only when the environment is frozen; needs the permission',
          type: 'string',
        },
      },
    });
  }
  if (goldenPath.parameters.length > 0) {
    pages.push({
      title: 'Parameters',
      required: ['parameters'],
      properties: {
        // Below one key, so that no parameter collides with the fields above.
        parameters: {
          ...(goldenPath.parametersSchema as JsonObject),
          title: goldenPath.title,
        },
      },
    });
  }
  return pages;
}
