import {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { Permission } from '@backstage/plugin-permission-common';
import {
  applicationDeployPermission,
  applicationPlanPermission,
  applicationReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { AccessControl } from '../access/types';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { audited } from '../audit';
import { readQuery } from '../http';
import { readBody } from '../http/readBody';
import { DriftService } from './DriftService';
import { DriftViews } from './DriftViews';

const PATH = '/applications/:environment/:name/drift';

const resource = z.string().min(1).max(512);
const checkSchema = z.strictObject({ resource: resource.optional() });
const acceptSchema = z.strictObject({
  resource: resource.optional(),
  version: z.string().min(1).max(128),
  reason: z.string().trim().min(3).max(500),
});

export interface DriftRouterOptions {
  drift: Pick<DriftService, 'check' | 'acceptResource' | 'acceptManifests'>;
  views: DriftViews;
  applications: Pick<ApplicationStore, 'find'>;
  auditor: AuditorService;
  access: AccessControl;
  httpAuth: HttpAuthService;
}

/** Routes about drift. Errors are left to the middleware behind. */
export function createDriftRouter(options: DriftRouterOptions): Router {
  const { drift, views, applications, auditor, access, httpAuth } = options;
  const router = PromiseRouter();
  const body = express.json({ limit: '16kb' });

  const find = async (
    request: Request,
    permission: Permission,
  ): Promise<{
    application: ApplicationRecord;
    credentials: BackstageCredentials;
  }> => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { environment, name } = request.params;
    const label = `application "${environment}/${name}"`;
    const application = await applications.find({ environment, name });
    if (!application || application.deletedAt !== undefined) {
      throw new NotFoundError(`There is no ${label}`);
    }
    await access.require(credentials, {
      permission,
      readPermission: applicationReadPermission,
      subject: application,
      name: label,
    });
    readQuery(request, []);
    return { application, credentials };
  };

  router.get(PATH, async (request, response) => {
    const { application, credentials } = await find(
      request,
      applicationReadPermission,
    );
    response.json(await views.toDrift(application, credentials));
  });

  router.post(`${PATH}/check`, body, async (request, response) => {
    const { application, credentials } = await find(
      request,
      applicationPlanPermission,
    );
    await drift.check(application, readBody(checkSchema, request.body ?? {}));
    response.json(await views.toDrift(application, credentials));
  });

  router.post(`${PATH}/accept`, body, async (request, response) => {
    const { environment, name } = request.params;
    const accepted = readBody(acceptSchema, request.body);
    const { application, credentials } = await audited(
      auditor,
      {
        eventId: 'drift-accept',
        severityLevel: 'medium',
        request,
        meta: { environment, name, ...accepted },
      },
      async () => {
        const found = await find(request, applicationDeployPermission);
        const by = access.initiator(found.credentials);
        if (accepted.resource === undefined) {
          await drift.acceptManifests(found.application, { ...accepted, by });
        } else {
          await drift.acceptResource(found.application, {
            ...accepted,
            resource: accepted.resource,
            by,
          });
        }
        return found;
      },
    );
    response.json(await views.toDrift(application, credentials));
  });

  return router;
}
