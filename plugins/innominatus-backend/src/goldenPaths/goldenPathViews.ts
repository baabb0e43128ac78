import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  GoldenPath,
  LoadedGoldenPath,
  RESOURCE_PROVISIONING_STEP_TYPE,
  StepDefinition,
  findReferences,
  goldenPathRunPermission,
  parametersToJsonSchema,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl, AccessSubject } from '../access/types';
import { GoldenPathEntry } from './goldenPathEntries';

const WORKLOAD_STEP_TYPES = [
  RESOURCE_PROVISIONING_STEP_TYPE,
  'render-manifests',
];
const WORKLOAD_ROOTS = ['app', 'environment', 'metadata', 'resources'];

export function goldenPathSubject(goldenPath: LoadedGoldenPath): AccessSubject {
  const { name, category, owner } = goldenPath.metadata;
  return { goldenPath: name, category, owner };
}

/** Whether the path works on a workload, which is seen from its steps. */
export function needsApplication(goldenPath: LoadedGoldenPath): boolean {
  return goldenPath.workflow.steps.some(
    step => isAboutWorkload(step) || readsWorkload(step),
  );
}

/** Whether the path only takes a workload away. */
export function isRemoval(goldenPath: LoadedGoldenPath): boolean {
  const steps = goldenPath.workflow.steps.filter(
    step => step.type === RESOURCE_PROVISIONING_STEP_TYPE,
  );
  return (
    steps.length > 0 && steps.every(step => step.config.operation === 'delete')
  );
}

/** Of one that never was good only the name is known. */
export function entrySubject(entry: GoldenPathEntry): AccessSubject {
  return entry.goldenPath
    ? goldenPathSubject(entry.goldenPath)
    : { goldenPath: entry.name };
}

export async function toGoldenPaths(
  entries: GoldenPathEntry[],
  options: { access: AccessControl; credentials: BackstageCredentials },
): Promise<GoldenPath[]> {
  const answers = await options.access.check(
    options.credentials,
    entries.map(entry => ({
      permission: goldenPathRunPermission,
      subject: entrySubject(entry),
    })),
  );
  return entries.map(({ name, goldenPath, ...entry }, index) =>
    goldenPath
      ? {
          ...goldenPath.metadata,
          ...entry,
          parameters: goldenPath.parameters,
          parametersSchema: parametersToJsonSchema(goldenPath.parameters),
          needsApplication: needsApplication(goldenPath),
          removesApplication: isRemoval(goldenPath) || undefined,
          steps: goldenPath.workflow.steps.map(
            ({ name: step, title, type, dependsOn, stage }) => ({
              name: step,
              title,
              type,
              dependsOn,
              stage,
            }),
          ),
          allowedActions: { run: answers[index] },
        }
      : {
          name,
          title: name,
          tags: [],
          ...entry,
          parameters: [],
          parametersSchema: parametersToJsonSchema([]),
          needsApplication: false,
          steps: [],
          allowedActions: {
            run: {
              allowed: false,
              reason: 'Its file has errors, and there is no earlier version.',
            },
          },
        },
  );
}

function isAboutWorkload({ type, config }: StepDefinition): boolean {
  return (
    WORKLOAD_STEP_TYPES.includes(type) ||
    // Otherwise the folder is that of an environment.
    (type === 'write-manifests' && config.path === undefined)
  );
}

function readsWorkload(step: StepDefinition): boolean {
  const { config, env, forEach, setVariables } = step;
  const texts = [step.if ?? '', step.unless ?? ''];
  return findReferences([
    config,
    env,
    setVariables,
    forEach?.items ?? null,
    texts,
  ]).some(
    ({ reference }) =>
      reference.path.length > 1 && WORKLOAD_ROOTS.includes(reference.path[0]),
  );
}
