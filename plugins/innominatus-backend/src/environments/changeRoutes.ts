import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  Environment,
  environmentCreatePermission,
  environmentDeletePermission,
  environmentReadPermission,
  environmentUpdatePermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Permission } from '@backstage/plugin-permission-common';
import express, { Request, Router } from 'express';
import { AuditedEvent, audited } from '../audit';
import { readQuery } from '../http';
import { IdempotentAnswer } from '../http/idempotency';
import {
  readCreateBody,
  readDefinitionBody,
  readExtendBody,
  readRemoveBody,
  readVersion,
} from './environmentBodies';
import { environmentSubject, withAllowedActions } from './EnvironmentViews';
import type { EnvironmentsRouterOptions } from './router';

const BODY_LIMIT = '64kb';

/** Routes that make, change and remove environments. */
export function addEnvironmentChanges(
  router: Router,
  options: EnvironmentsRouterOptions,
): void {
  const { environments, access, httpAuth, idempotency, auditor } = options;
  const json = express.json({ limit: BODY_LIMIT });

  const signIn = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  /** Notes down who changes which environment, also when it is refused. */
  const noting = <T>(
    verb: 'create' | 'update' | 'delete' | 'extend',
    request: Request,
    meta: AuditedEvent['meta'],
    work: () => Promise<T>,
    toMeta?: (result: T) => AuditedEvent['meta'],
  ): Promise<T> =>
    audited(
      auditor,
      {
        eventId: `environment-${verb}`,
        severityLevel: 'medium',
        request,
        meta,
      },
      work,
      toMeta,
    );

  /** The environment as it is now, when the caller may do this to it. */
  const requireOn = async (
    name: string,
    permission: Permission,
    credentials: BackstageCredentials,
  ) => {
    const found = await environments.get(name);
    await access.require(credentials, {
      permission,
      readPermission: environmentReadPermission,
      subject: environmentSubject(found.environment),
      name: `environment "${name}"`,
    });
    environments.requireChangeable(found.environment);
    return found;
  };

  const toAnswer = async (
    status: number,
    found: { environment: Environment; version: number },
    credentials: BackstageCredentials,
  ): Promise<IdempotentAnswer> => {
    const [body] = await withAllowedActions([found.environment], {
      environments,
      access,
      credentials,
    });
    return { status, headers: { ETag: `"${found.version}"` }, body };
  };

  router.post('/environments', json, async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const body = readCreateBody(request.body);
    const by = access.initiator(credentials);
    const wanted =
      body.kind === 'copy'
        ? { type: 'ephemeral' }
        : (body.input as { name?: unknown; type?: unknown });
    const create = async () => {
      await access.require(credentials, {
        permission: environmentCreatePermission,
        subject: {
          environmentType: textOf(wanted.type),
          environment: 'name' in wanted ? textOf(wanted.name) : undefined,
        },
        name: 'a new environment',
      });
      if (body.kind === 'copy') {
        const { from } = body.request;
        const { environment } = await environments.get(from);
        await access.require(credentials, {
          permission: environmentReadPermission,
          subject: environmentSubject(environment),
          name: `environment "${from}"`,
        });
      }
      return idempotency.handle(
        {
          key: request.header('Idempotency-Key'),
          principal: by,
          route: 'POST /environments',
          body: request.body,
        },
        async () => {
          const made =
            body.kind === 'copy'
              ? await environments.createCopy({ request: body.request, by })
              : {
                  ...(await environments.create({ input: body.input, by })),
                  isNew: true,
                };
          const result = await toAnswer(
            made.isNew ? 201 : 200,
            made,
            credentials,
          );
          const location = `${request.baseUrl}/environments/${made.environment.name}`;
          return {
            ...result,
            headers: { ...result.headers, Location: location },
          };
        },
      );
    };
    const answer = await noting(
      'create',
      request,
      body.kind === 'copy'
        ? { from: body.request.from }
        : { environment: textOf(wanted.name), type: textOf(wanted.type) },
      create,
      ({ headers }) => ({ environment: headers?.Location?.split('/').pop() }),
    );
    response
      .status(answer.status)
      .set(answer.headers ?? {})
      .json(answer.body);
  });

  router.put('/environments/:name', json, async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const { name } = request.params;
    const update = async () => {
      const found = await requireOn(
        name,
        environmentUpdatePermission,
        credentials,
      );
      const input: { type?: unknown } = readDefinitionBody(request.body);
      const { environment, version } = found;
      if (textOf(input.type) !== undefined && input.type !== environment.type) {
        // Who may change previews must not make one a production environment.
        await access.require(credentials, {
          permission: environmentUpdatePermission,
          subject: { environment: name, environmentType: textOf(input.type) },
          name: `environments of the type "${input.type}"`,
        });
      }
      return environments.update({
        name,
        input,
        version: readVersion(request.header('If-Match'), {
          name,
          current: version ?? 0,
        }),
      });
    };
    const updated = await noting(
      'update',
      request,
      { environment: name },
      update,
    );
    const answer = await toAnswer(200, updated, credentials);
    response.set(answer.headers ?? {}).json(answer.body);
  });

  router.delete('/environments/:name', json, async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const { name } = request.params;
    const { reason } = readRemoveBody(request.body);
    const meta = { environment: name, ...(reason ? { reason } : {}) };
    await noting('delete', request, meta, async () => {
      const { version = 0 } = await requireOn(
        name,
        environmentDeletePermission,
        credentials,
      );
      await environments.remove({
        name,
        version: readVersion(request.header('If-Match'), {
          name,
          current: version,
        }),
      });
    });
    const { environment } = await environments.get(name);
    const [body] = await withAllowedActions([environment], {
      environments,
      access,
      credentials,
    });
    response
      .status(202)
      .set('Location', `${request.baseUrl}/environments/${name}`)
      .json(body);
  });

  router.post('/environments/:name/extend', json, async (request, response) => {
    const credentials = await signIn(request);
    readQuery(request, []);
    const { name } = request.params;
    const extend = async () => {
      await requireOn(name, environmentUpdatePermission, credentials);
      return environments.extend({
        name,
        ...readExtendBody(request.body),
      });
    };
    const extended = await noting(
      'extend',
      request,
      { environment: name },
      extend,
    );
    const answer = await toAnswer(200, extended, credentials);
    response.set(answer.headers ?? {}).json(answer.body);
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
