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

const WORKLOAD_STEP_TYPES = [
  RESOURCE_PROVISIONING_STEP_TYPE,
  'render-manifests',
  'write-manifests',
];
const WORKLOAD_ROOTS = ['app', 'environment', 'metadata', 'resources'];

export function goldenPathSubject(goldenPath: LoadedGoldenPath): AccessSubject {
  const { name, category, owner } = goldenPath.metadata;
  return { goldenPath: name, category, owner };
}

/** Whether the path works on a workload, which is seen from its steps. */
export function needsApplication(goldenPath: LoadedGoldenPath): boolean {
  return goldenPath.workflow.steps.some(
    step => WORKLOAD_STEP_TYPES.includes(step.type) || readsWorkload(step),
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

export async function toGoldenPaths(
  goldenPaths: LoadedGoldenPath[],
  options: { access: AccessControl; credentials: BackstageCredentials },
): Promise<GoldenPath[]> {
  const answers = await options.access.check(
    options.credentials,
    goldenPaths.map(goldenPath => ({
      permission: goldenPathRunPermission,
      subject: goldenPathSubject(goldenPath),
    })),
  );
  return goldenPaths.map((goldenPath, index) => ({
    ...goldenPath.metadata,
    parameters: goldenPath.parameters,
    parametersSchema: parametersToJsonSchema(goldenPath.parameters),
    needsApplication: needsApplication(goldenPath),
    steps: goldenPath.workflow.steps.map(
      ({ name, title, type, dependsOn, stage }) => ({
        name,
        title,
        type,
        dependsOn,
        stage,
      }),
    ),
    source: goldenPath.source,
    allowedActions: { run: answers[index] },
  }));
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
