import { CallOptions } from '../request';
import {
  AcceptDriftRequest,
  Application,
  ApplicationDrift,
  ApplicationSummary,
  CheckDriftRequest,
  Page,
} from '../types';
import { ListOptions } from './ApiCalls';
import { ScoreCalls } from './score';

/**
 * Applications.
 *
 * @public
 */
export abstract class ApplicationCalls extends ScoreCalls {
  async listApplications(
    options: ListOptions & {
      environment?: string[];
      entityRef?: string[];
      name?: string[];
    } = {},
  ): Promise<Page<ApplicationSummary>> {
    const { environment, entityRef, name, ...list } = options;
    return this.list(['applications'], list, { environment, entityRef, name });
  }

  async getApplication(
    application: { environment: string; name: string },
    call?: CallOptions,
  ): Promise<Application> {
    return this.get(
      ['applications', application.environment, application.name],
      {},
      call,
    );
  }

  /** How it differs from what is recorded, by the last look. */
  async getApplicationDrift(
    application: { environment: string; name: string },
    call?: CallOptions,
  ): Promise<ApplicationDrift> {
    return this.get(driftPath(application), {}, call);
  }

  /** Looks now whether it differs from what is recorded; changes nothing. */
  async checkApplicationDrift(
    application: { environment: string; name: string },
    request: CheckDriftRequest = {},
    call?: CallOptions,
  ): Promise<ApplicationDrift> {
    return this.post([...driftPath(application), 'check'], request, call);
  }

  /** Makes what was found the truth; who did and why is kept. */
  async acceptApplicationDrift(
    application: { environment: string; name: string },
    request: AcceptDriftRequest,
    call?: CallOptions,
  ): Promise<ApplicationDrift> {
    return this.post([...driftPath(application), 'accept'], request, call);
  }
}

function driftPath(application: {
  environment: string;
  name: string;
}): string[] {
  return ['applications', application.environment, application.name, 'drift'];
}
