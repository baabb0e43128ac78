import {
  JsonObject,
  JsonValue,
  LoadedGoldenPath,
  PlacedWorkflow,
  PolicyInput,
  PolicyVerdict,
  WorkflowDefinition,
  Workload,
  evaluatePolicies,
  requiredWorkflows,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import {
  PlanPolicies,
  PlanPolicyInput,
  PlanPolicySubject,
} from '../deployments/PlanPolicies';
import { environmentInput } from '../environments/environmentInput';
import { Requester } from './Requesters';
import { planSteps } from './planSteps';
import { productOf } from './productOf';

const REMOVALS: string[] = ['delete', 'deprovision'];

/** The policies of the platform team, asked about plans. */
export class RegistryPolicies implements PlanPolicies {
  readonly #registry: DefinitionRegistry;

  static create(options: { registry: DefinitionRegistry }): RegistryPolicies {
    return new RegistryPolicies(options.registry);
  }

  private constructor(registry: DefinitionRegistry) {
    this.#registry = registry;
  }

  async evaluate(question: PlanPolicyInput): Promise<PolicyVerdict[]> {
    return [
      ...this.#unreadable(question),
      ...evaluatePolicies(this.#registry.policies(), this.#toInput(question)),
    ];
  }

  required(subject: PlanPolicySubject): PlacedWorkflow[] {
    const { environment, action, goldenPath } = subject;
    const { workflows, mayBeSkipped } = this.#steps(
      subject.definition,
      subject.parameters,
    );
    return requiredWorkflows(
      this.#registry.policies(),
      {
        environment: { name: environment.name, type: environment.type },
        plan: { action, goldenPath: goldenPath.name },
        application: applicationOf(subject),
      },
      [
        goldenPath.name,
        ...workflows.filter(name => !mayBeSkipped.includes(name)),
      ],
    );
  }

  /** The same for a golden path that works on no workload. */
  evaluateRun(question: {
    goldenPath: LoadedGoldenPath;
    parameters: Record<string, JsonValue>;
    user?: Requester;
  }): PolicyVerdict[] {
    const { goldenPath, parameters, user } = question;
    const { name, owner } = goldenPath.metadata;
    const { workflow: definition } = goldenPath;
    const verdicts = evaluatePolicies(this.#registry.policies(), {
      spec: { metadata: {}, containers: {}, resources: {} },
      plan: {
        action: 'run',
        goldenPath: name,
        ...this.#steps(definition, parameters),
        timeoutMs: definition.timeoutMs,
        maxParallel: definition.maxParallel,
        resources: [],
        manifests: [],
        approvals: 0,
        overrides: [],
      },
      environment: { name: '', type: '' },
      params: parameters,
      application: { name: '', owner },
      user,
    });
    return [...this.#unreadable({ action: 'run' }), ...verdicts];
  }

  #steps(
    definition: WorkflowDefinition,
    parameters: Record<string, JsonValue>,
  ): ReturnType<typeof planSteps> {
    return planSteps(definition, {
      getWorkflow: name => this.#registry.workflow(name)?.definition,
      parameters,
    });
  }

  /** Nobody knows what it would say, so nothing passes until it is mended. */
  #unreadable({ action }: { action: string }): PolicyVerdict[] {
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

  #toInput(question: PlanPolicyInput): PolicyInput {
    const { environment, definition, workload, action } = question;
    const { steps, workflows, mayBeSkipped } = this.#steps(
      definition,
      question.parameters,
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
        mayBeSkipped,
        steps,
        unavailable: question.unavailable,
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
        monthlyCost: question.cost?.monthly,
      },
      environment: environmentInput(environment),
      params: question.parameters,
      application: applicationOf(question),
      user: question.user,
    };
  }
}

function applicationOf(
  question: Pick<PlanPolicyInput, 'name' | 'owner' | 'system' | 'workload'>,
): PolicyInput['application'] {
  const { name, owner } = question;
  return { name, owner, product: productOf(question) };
}

/** As the Score spec says it, with everything that it left out filled in. */
function specOf(workload: Workload): JsonObject {
  const { metadata, containers, resources, ports } = workload;
  return toJson({ metadata, containers, resources, service: { ports } });
}

function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
