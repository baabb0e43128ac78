import { HttpAuthService } from '@backstage/backend-plugin-api';
import { BasicPermission } from '@backstage/plugin-permission-common';
import {
  applicationReadPermission,
  providerReadPermission,
  providerRefreshPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import express, { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { AccessControl } from '../access/types';
import { readQuery } from '../http';
import { readBody } from '../http/readBody';
import { ImpactService, ImpactSubject } from './ImpactService';

const BODY_LIMIT = '8mb';

const bodySchema = z.strictObject({
  location: z.string().max(2048).optional(),
  ref: z.string().max(250).optional(),
  files: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(1024),
        text: z.string().max(1024 * 1024),
      }),
    )
    .min(1)
    .max(1000)
    .optional(),
  environments: z.array(z.string().max(63)).max(100).optional(),
  limit: z.number().int().min(1).max(200).optional(),
  cursor: z.string().max(4096).optional(),
});

export interface ImpactRouterOptions {
  impact: ImpactService;
  access: AccessControl;
  httpAuth: HttpAuthService;
}

/** `POST /providers/impact` and `POST /golden-paths/impact`. */
export function createImpactRouter(options: ImpactRouterOptions): Router {
  const { impact, access, httpAuth } = options;
  const router = PromiseRouter();

  const route = (
    subject: ImpactSubject,
    permissions: BasicPermission[],
  ): void => {
    router.post(
      `/${subject}/impact`,
      express.json({ limit: BODY_LIMIT }),
      async (request, response) => {
        const credentials = await httpAuth.credentials(request, {
          allow: ['user', 'service'],
        });
        for (const permission of permissions) {
          await access.require(credentials, { permission, name: subject });
        }
        const restrict = await access.filter(credentials, {
          permission: applicationReadPermission,
          columns: {
            owner: 'owner',
            environment: 'environment',
            environmentType: 'environment_type',
          },
        });
        readQuery(request, []);
        response.json(
          await impact.preview({
            subject,
            request: readBody(bodySchema, request.body),
            restrict,
          }),
        );
      },
    );
  };
  // Schemas and workflows that are sent along are compiled, and a branch is
  // read from its server: for those who look after definitions.
  route('providers', [providerReadPermission, providerRefreshPermission]);
  route('golden-paths', [providerReadPermission, providerRefreshPermission]);
  return router;
}
