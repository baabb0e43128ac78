import { ResourceManagement } from '../api/types';
import { WorkflowDefinition } from '../workflow/types';
import { LoadedProvider, ProviderResourceType } from './types';

/** Operations whose workflows make a resource what it is. */
const MAKING = ['create', 'update'] as const;

/** Step types that wait for a system or people outside. */
const WAITING = new Set(['delegated', 'git-check-pr']);

/**
 * Step types that end by themselves. What is not listed may wait: a step type
 * of a module can do so, and a nested workflow can hold a step that does.
 */
const NEVER_WAITING = new Set([
  'callback',
  'command',
  'git-commit-manifests',
  'git-pr',
  'http',
  'kubernetes',
  'manifests',
  'render-manifests',
  'simulate',
  'wait',
  'write-manifests',
]);

/**
 * Finds a workflow by its name.
 *
 * @public
 */
export type FindWorkflow = (
  name: string,
) => { definition: WorkflowDefinition } | undefined;

/**
 * Who makes resources of a type: as the manifest says, or else as its
 * operations show. One that only gives values refers to what is there
 * already, and one whose workflow waits for somebody outside is made by them.
 *
 * @public
 */
export function managementOf(
  resourceType: ProviderResourceType,
  findWorkflow: FindWorkflow,
): ResourceManagement {
  const { management, manifests } = resourceType;
  if (management) {
    return management;
  }
  if (changingWorkflows(resourceType).length === 0) {
    const { values } = resourceType.operations.create;
    return values && manifests.length === 0 ? 'external' : 'native';
  }
  const waits = makingSteps(resourceType, findWorkflow).some(waitsOutside);
  return waits ? 'delegated' : 'native';
}

/** Names of the workflows that make or delete something. */
export function changingWorkflows({
  operations,
}: Pick<ProviderResourceType, 'operations'>): string[] {
  return [...MAKING, 'delete' as const].flatMap(
    operation => operations[operation].workflow ?? [],
  );
}

/**
 * What a manifest says about who makes its resources although its workflows
 * show something else. It can be used nevertheless.
 *
 * @public
 */
export interface ManagementDoubt {
  /** JSON pointer in the manifest. */
  pointer: string;
  code: 'PROVIDER_MANAGEMENT_DOUBTFUL';
  message: string;
}

/**
 * Doubts about what a manifest says of the management of its resource types.
 *
 * @public
 */
export function managementDoubts(
  { resourceTypes }: Pick<LoadedProvider, 'resourceTypes'>,
  findWorkflow: FindWorkflow,
): ManagementDoubt[] {
  return resourceTypes.flatMap((resourceType, index) => {
    const { management, type } = resourceType;
    const steps = makingSteps(resourceType, findWorkflow);
    const doubt = (message: string): ManagementDoubt[] => [
      {
        pointer: `/spec/resourceTypes/${index}/management`,
        code: 'PROVIDER_MANAGEMENT_DOUBTFUL',
        message,
      },
    ];
    if (management === 'delegated' && steps.length > 0) {
      return steps.every(neverWaits)
        ? doubt(
            `The resource type "${type}" is said to be delegated, but no step of its workflows waits for anybody outside. Expected a step of type ${[...WAITING].map(name => `"${name}"`).join(' or ')}; or say "management: native".`,
          )
        : [];
    }
    const waiting = steps.find(waitsOutside);
    return management === 'native' && waiting
      ? doubt(
          `The resource type "${type}" is said to be native, but the step "${waiting.name}" waits for somebody outside to make it. Say "management: delegated", or leave "management" out.`,
        )
      : [];
  });
}

type Step = WorkflowDefinition['steps'][number];

function makingSteps(
  { operations }: ProviderResourceType,
  findWorkflow: FindWorkflow,
): Step[] {
  const names = new Set(
    MAKING.flatMap(operation => operations[operation].workflow ?? []),
  );
  return [...names].flatMap(name => findWorkflow(name)?.definition.steps ?? []);
}

/** A simulated step waits when it is told to. */
function waitsOutside({ type, config }: Step): boolean {
  return (
    WAITING.has(type) || (type === 'simulate' && config.outside !== undefined)
  );
}

function neverWaits(step: Step): boolean {
  return NEVER_WAITING.has(step.type) && !waitsOutside(step);
}
