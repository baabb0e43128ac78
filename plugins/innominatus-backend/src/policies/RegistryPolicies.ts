import {
  DeploymentAction,
  Environment,
  JsonObject,
  JsonValue,
  PlannedManifest,
  PlannedResource,
  PolicyInput,
  PolicyVerdict,
  WorkflowDefinition,
  Workload,
  evaluatePolicies,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { environmentInput } from '../environments/environmentInput';
import { planSteps } from './planSteps';

/** A plan that policies are asked about. */
export interface PolicyQuestion {
  environment: Environment;
  /** Name of the application. */
  name: string;
  action: DeploymentAction;
  /** Entity ref of the owner. */
  owner?: string;
  workload: Workload;
  goldenPath: { name: string };
  definition: WorkflowDefinition;
  parameters: Record<string, JsonValue>;
  resources: PlannedResource[];
  manifests: PlannedManifest[];
  /** Places of the Score spec that the caller overrides. */
  overrides?: string[];
  user?: { ref: string; groups: string[] };
  monthlyCost?: number;
}

const PRODUCT_ANNOTATION = 'innominatus.dev/product';
const REMOVALS: string[] = ['delete', 'deprovision'];

/** The policies of the platform team, asked about plans. */
export class RegistryPolicies {
  readonly #registry: DefinitionRegistry;

  static create(options: { registry: DefinitionRegistry }): RegistryPolicies {
    return new RegistryPolicies(options.registry);
  }

  private constructor(registry: DefinitionRegistry) {
    this.#registry = registry;
  }

  async evaluate(question: PolicyQuestion): Promise<PolicyVerdict[]> {
    return [
      ...this.#unreadable(question),
      ...evaluatePolicies(this.#registry.policies(), this.#toInput(question)),
    ];
  }

  /** Nobody knows what it would say, so nothing passes until it is mended. */
  #unreadable({ action }: PolicyQuestion): PolicyVerdict[] {
    if (REMOVALS.includes(action)) {
      return [];
    }
    return this.#registry
      .unreadablePolicies()
      .map(({ name = 'unknown', file, diagnostics }) => ({
        name,
        result: 'deny',
        rule: 'unreadable',
        message: `The policy "${name}" cannot be read, so nothing passes it: ${diagnostics[0].message} The platform team has to mend it.`,
        position: { file, line: diagnostics[0].line },
      }));
  }

  #toInput(question: PolicyQuestion): PolicyInput {
    const { environment, definition, workload, action } = question;
    const { steps, workflows } = planSteps(
      definition,
      name => this.#registry.workflow(name)?.definition,
    );
    const approval = environment.rules?.approval;
    const isAsked =
      approval !== undefined &&
      (approval.actions === undefined || approval.actions.includes(action));
    return {
      spec: specOf(workload),
      plan: {
        action,
        goldenPath: question.goldenPath.name,
        workflows,
        steps,
        timeoutMs: definition.timeoutMs,
        maxParallel: definition.maxParallel,
        resources: question.resources.map(resource => ({
          name: resource.name,
          type: resource.type,
          class: resource.class,
          action: resource.action,
          shared: resource.shared,
          params: workload.resources[resource.name]?.params ?? {},
        })),
        manifests: question.manifests.map(toJson),
        approvals: isAsked ? approval.quorum : 0,
        overrides: question.overrides ?? [],
        monthlyCost: question.monthlyCost,
      },
      environment: environmentInput(environment),
      params: question.parameters,
      application: {
        name: question.name,
        owner: question.owner,
        product: productOf(workload),
      },
      user: question.user,
    };
  }
}

/** As the Score spec says it, with everything that it left out filled in. */
function specOf(workload: Workload): JsonObject {
  const { metadata, containers, resources, ports } = workload;
  return toJson({ metadata, containers, resources, service: { ports } });
}

/** Said in the metadata, or the part of the name before the first dash. */
function productOf({ metadata, annotations, name }: Workload): string {
  const { product } = metadata;
  return (
    annotations[PRODUCT_ANNOTATION] ??
    (typeof product === 'string' ? product : name.split('-')[0])
  );
}

function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
