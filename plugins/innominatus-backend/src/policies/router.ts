import { setImmediate } from 'node:timers/promises';
import { HttpAuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  PolicyDefinition,
  PolicyTestCase,
  PolicyTestResult,
  hasErrors,
  policyReadPermission,
  policyTestCaseSchema,
  readDefinitions,
  testPolicies,
} from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { AccessControl } from '../access/types';
import { DefinitionRegistry } from '../definitions';
import { ProblemError, readListQuery, readQuery } from '../http';
import { listPage } from '../http/listPage';
import { readBody } from '../http/readBody';

const BODY_LIMIT = '512kb';
const MOST_TIME_MS = 10_000;

const testSchema = z.strictObject({
  /** Policies as YAML; without it those that are in use. */
  policies: z.string().max(262_144).optional(),
  cases: z.array(policyTestCaseSchema).min(1).max(200),
});

export interface PoliciesRouterOptions {
  registry: Pick<DefinitionRegistry, 'policies'>;
  access: AccessControl;
  httpAuth: HttpAuthService;
}

/** Routes below `/policies`. */
export function createPoliciesRouter(options: PoliciesRouterOptions): Router {
  const { registry, access, httpAuth } = options;
  const router = PromiseRouter();

  const requireRead = async (request: Request) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await access.require(credentials, {
      permission: policyReadPermission,
      name: 'policies',
    });
  };

  router.get('/policies', async (request, response) => {
    await requireRead(request);
    const { filter, ...query } = readListQuery(request, {
      filters: {
        name: undefined,
        tier: ['platform', 'product', 'application'],
      },
      sorts: ['name', '-name'],
    });
    const found = registry
      .policies()
      .filter(
        ({ name, tier }) =>
          (!filter.name || filter.name.includes(name)) &&
          (!filter.tier || filter.tier.includes(tier)),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    response.json(
      listPage(query.sort === 'name' ? found : found.reverse(), {
        ...query,
        nameOf: ({ name }) => name,
      }),
    );
  });

  router.get('/policies/:name', async (request, response) => {
    await requireRead(request);
    readQuery(request, []);
    const { name } = request.params;
    const policy = registry.policies().find(item => item.name === name);
    if (!policy) {
      throw new NotFoundError(`There is no policy "${name}"`);
    }
    response.json(policy);
  });

  router.post(
    '/policies/test',
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      await requireRead(request);
      readQuery(request, []);
      const { policies, cases } = readBody(testSchema, request.body);
      const items = await testWithin(
        MOST_TIME_MS,
        policies === undefined ? registry.policies() : readText(policies),
        cases,
      );
      response.json({ items, passed: items.every(item => item.passed) });
    },
  );

  return router;
}

/** Case by case, so that others get their turn in between. */
async function testWithin(
  ms: number,
  policies: PolicyDefinition[],
  cases: PolicyTestCase[],
): Promise<PolicyTestResult[]> {
  const end = performance.now() + ms;
  const items: PolicyTestResult[] = [];
  for (const item of cases) {
    if (performance.now() > end) {
      throw new ProblemError({
        status: 422,
        code: 'POLICY_TEST_TOO_LARGE',
        message: `The first ${items.length} of ${cases.length} cases took more than ${ms / 1000} seconds. Send fewer at once, or test offline: innominatus policy test`,
      });
    }
    items.push(...testPolicies(policies, [item]));
    await setImmediate();
  }
  return items;
}

function readText(text: string): PolicyDefinition[] {
  const { definitions, diagnostics } = readDefinitions(text);
  if (hasErrors(diagnostics)) {
    throw new ProblemError({
      status: 422,
      code: 'POLICY_INVALID',
      message: diagnostics[0].message,
      issues: diagnostics,
    });
  }
  return definitions.policies;
}
