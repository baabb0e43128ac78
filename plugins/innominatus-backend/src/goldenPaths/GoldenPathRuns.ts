import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  GoldenPathRunRequest,
  LoadedGoldenPath,
  RunSummary,
  validateParameters,
} from '@innominatus/backstage-plugin-innominatus-common';
import type { Request } from 'express';
import { AccessControl } from '../access/types';
import { newId } from '../database';
import { DeploymentService } from '../deployments/DeploymentService';
import { DeploymentSources } from '../deployments/DeploymentSources';
import { DeploymentRecord } from '../deployments/types';
import { ProblemError } from '../http';
import { Requesters } from '../policies/Requesters';
import { RegistryPolicies } from '../policies/RegistryPolicies';
import { RunService } from '../runs/types';
import { requirePriority } from '../runs/priority';
import {
  goldenPathSubject,
  isRemoval,
  needsApplication,
} from './goldenPathViews';
import { SecretStore } from '../secrets';
import { toParameterDiagnostics } from './parameterDiagnostics';
import { keepSecretParameters, maskSecretParameters } from './secretParameters';

export interface StartGoldenPathOptions {
  goldenPath: LoadedGoldenPath;
  request: GoldenPathRunRequest;
  credentials: BackstageCredentials;
  /** Starting again with the same id answers the run that exists. */
  id?: string;
  /** Tells the auditor who asks, and from where. */
  httpRequest?: Request;
}

/** What only a workload that is deployed can have. */
const CHANGES = ['image', 'overrides', 'overrideProperties'] as const;

/** Starts golden paths: as a deployment when they work on a workload. */
export class GoldenPathRuns {
  readonly #runs: RunService;
  readonly #deployments: DeploymentService;
  readonly #sources: DeploymentSources;
  readonly #access: AccessControl;
  readonly #policies: Pick<RegistryPolicies, 'evaluateRun'>;
  readonly #requesters: Pick<Requesters, 'find'>;
  readonly #secrets: Pick<SecretStore, 'put'>;

  static create(options: {
    runs: RunService;
    deployments: DeploymentService;
    sources: DeploymentSources;
    access: AccessControl;
    policies: Pick<RegistryPolicies, 'evaluateRun'>;
    requesters: Pick<Requesters, 'find'>;
    secrets: Pick<SecretStore, 'put'>;
  }): GoldenPathRuns {
    return new GoldenPathRuns(options);
  }

  private constructor(options: {
    runs: RunService;
    deployments: DeploymentService;
    sources: DeploymentSources;
    access: AccessControl;
    policies: Pick<RegistryPolicies, 'evaluateRun'>;
    requesters: Pick<Requesters, 'find'>;
    secrets: Pick<SecretStore, 'put'>;
  }) {
    this.#runs = options.runs;
    this.#deployments = options.deployments;
    this.#sources = options.sources;
    this.#access = options.access;
    this.#policies = options.policies;
    this.#requesters = options.requesters;
    this.#secrets = options.secrets;
  }

  async start(options: StartGoldenPathOptions): Promise<RunSummary> {
    return needsApplication(options.goldenPath)
      ? this.#deploy(options)
      : this.#run(options);
  }

  async #run(options: StartGoldenPathOptions): Promise<RunSummary> {
    const { goldenPath, request, credentials, id = newId() } = options;
    refuse(request, {
      fields: [...CHANGES, 'overrideFreeze'],
      why: `The golden path "${goldenPath.metadata.name}" works on no workload`,
    });
    const { values, issues } = validateParameters(
      goldenPath.parameters,
      request.parameters ?? {},
    );
    if (issues.length > 0) {
      throw new ProblemError({
        status: 422,
        code: 'PARAMETERS_INVALID',
        message: issues[0].message,
        issues: toParameterDiagnostics(issues),
      });
    }
    const denied = this.#policies
      .evaluateRun({
        goldenPath,
        parameters: maskSecretParameters(values, goldenPath.parameters),
        user: await this.#requesters.find(credentials),
      })
      .find(({ result }) => result === 'deny');
    if (denied) {
      throw new ProblemError({
        status: 403,
        code: 'POLICY_DENIED',
        message: `The policy "${denied.name}" does not allow this: ${denied.message}`,
      });
    }
    const { name, title, owner } = goldenPath.metadata;
    return this.#runs.start({
      runId: id,
      definition: goldenPath.workflow,
      title,
      goldenPath: name,
      parameters: await keepSecretParameters(values, {
        definitions: goldenPath.parameters,
        runId: id,
        secrets: this.#secrets,
      }),
      priority: await requirePriority(request.priority, {
        access: this.#access,
        credentials,
        definition: goldenPath.workflow,
        subject: goldenPathSubject(goldenPath),
        name: `golden path "${name}"`,
      }),
      team: owner,
      initiator: this.#access.initiator(credentials),
    });
  }

  async #deploy(options: StartGoldenPathOptions): Promise<RunSummary> {
    const { goldenPath, request, credentials, id, httpRequest } = options;
    const { name } = goldenPath.metadata;
    const { environment, parameters, priority, score, sources, entityRef } =
      request;
    if (environment === undefined) {
      throw new InputError(
        `The golden path "${name}" works on a workload. Say where in "environment", and which one in "score" or "entityRef".`,
      );
    }
    const { image, overrides, overrideProperties, overrideFreeze } = request;
    const removes = isRemoval(goldenPath);
    if (removes) {
      refuse(request, {
        fields: CHANGES,
        why: `The golden path "${name}" takes a workload away as it is`,
      });
    }
    const deployment = await this.#deployments.deploy({
      environment,
      name: await this.#sources.nameOf(request, credentials),
      credentials,
      id,
      httpRequest,
      request: {
        action: removes ? 'delete' : 'deploy',
        goldenPath: name,
        parameters,
        priority,
        overrideFreeze,
        // What is taken away is what is there, whatever the caller has.
        ...(removes
          ? {}
          : {
              ...{ score, sources, entityRef },
              ...{ image, overrides, overrideProperties },
            }),
      },
    });
    if (deployment.runNumber === undefined) {
      throw withoutRun(deployment);
    }
    const {
      parameters: values,
      outputs,
      steps,
      ...run
    } = await this.#runs.get(deployment.runId);
    return run;
  }
}

/** Who asks again with the same key gets the run once there is one. */
function withoutRun(deployment: DeploymentRecord): ProblemError {
  const { id, number, environment, name, status, endedAt } = deployment;
  const label = `Deployment ${number} of "${environment}/${name}"`;
  return new ProblemError({
    status: 409,
    code: 'DEPLOYMENT_WITHOUT_RUN',
    deploymentId: id,
    message:
      endedAt === undefined
        ? `${label} was made and waits for approval. Its run begins when it is approved; see it with: innominatus deployments get ${id}`
        : `${label} ended as ${status} before its run began.`,
  });
}

/** What has no effect is no secret to whoever asks for it. */
function refuse(
  request: GoldenPathRunRequest,
  options: {
    fields: ReadonlyArray<keyof GoldenPathRunRequest>;
    why: string;
  },
): void {
  const field = options.fields.find(name => request[name] !== undefined);
  if (field) {
    throw new InputError(`${options.why}. Leave "${field}" out.`);
  }
}
