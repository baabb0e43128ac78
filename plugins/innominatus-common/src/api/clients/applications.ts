import { CallOptions } from '../request';
import { Application, ApplicationSummary, Page } from '../types';
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
}
