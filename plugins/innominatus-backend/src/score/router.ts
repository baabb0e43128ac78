import { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  ScoreReadResult,
  analyzeScore,
  generateManifests,
  hasErrors,
  migrateFile,
  readScore,
  scoreJsonSchema,
  scoreReadPermission,
  toDiagnosticsReport,
  toSarif,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import express, { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { version } from '../../package.json';
import { AccessControl } from '../access/types';
import { DefinitionRegistry } from '../definitions';
import { ProblemError, readQuery } from '../http';
import { readBody } from '../http/readBody';
import { DurationHistory } from './DurationHistory';
import { readGenerateRequest } from './generateRequest';

const BODY_LIMIT = '2mb';

/** How findings call a text that came without a name. */
const DEFAULT_FILE = 'score.yaml';

const SARIF = 'application/sarif+json';

const bodySchema = z.strictObject({
  /** Score spec as YAML text. */
  score: z.string(),
  file: z.string().max(255).optional(),
});

export interface ScoreRouterOptions {
  registry: DefinitionRegistry;
  durations: DurationHistory;
  access: AccessControl;
  httpAuth: HttpAuthService;
}

/** Routes below `/score`. They only look at what they are given. */
export function createScoreRouter(options: ScoreRouterOptions): Router {
  const { access, durations, httpAuth, registry } = options;
  const router = PromiseRouter();
  const body = express.json({ limit: BODY_LIMIT });

  const authorize = async (request: Request): Promise<void> => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await access.require(credentials, {
      permission: scoreReadPermission,
      name: 'Score specs',
    });
    readQuery(request, []);
  };

  const read = (
    request: Request,
  ): { result: ScoreReadResult; file: string } => {
    const { score, file = DEFAULT_FILE } = readBody(bodySchema, request.body);
    return { result: readScore(score, { file }), file };
  };

  router.post('/score/validate', body, async (request, response) => {
    await authorize(request);
    const { result, file } = read(request);
    // Finding errors is what was asked for, so it is no error of the request.
    if (request.accepts(['json', SARIF]) === SARIF) {
      const sarif = toSarif(result.diagnostics, { file, toolVersion: version });
      response.type(SARIF).send(JSON.stringify(sarif));
      return;
    }
    response.json(toDiagnosticsReport(result.diagnostics, file));
  });

  router.post('/score/analyze', body, async (request, response) => {
    await authorize(request);
    const { result } = read(request);
    if (!result.workload || hasErrors(result.diagnostics)) {
      throw new ProblemError({
        status: 422,
        code: 'SCORE_INVALID',
        message:
          'The Score spec has errors, so it cannot be analyzed. Correct them first.',
        issues: result.diagnostics,
      });
    }
    response.json(
      analyzeScore(result.workload, {
        history: await durations.read(),
        providers: registry.providers().map(({ name, resourceTypes }) => ({
          name,
          resourceTypes: resourceTypes.flatMap(({ type, aliases }) => [
            type,
            ...aliases,
          ]),
        })),
      }),
    );
  });

  router.post('/score/migrate', body, async (request, response) => {
    await authorize(request);
    const { score, file = DEFAULT_FILE } = readBody(bodySchema, request.body);
    const { diagnostics, ...migrated } = migrateFile(score, { file });
    if (diagnostics.length > 0) {
      throw new ProblemError({
        status: 422,
        code: 'SCORE_INVALID',
        message: `"${file}" cannot be read, so it cannot be rewritten. Correct the syntax first.`,
        issues: diagnostics,
      });
    }
    response.json({ file, ...migrated });
  });

  router.post('/score/generate', body, async (request, response) => {
    await authorize(request);
    const { diagnostics, manifests, valid } = generateManifests(
      readGenerateRequest(request.body, DEFAULT_FILE),
    );
    if (!valid) {
      throw new ProblemError({
        status: 422,
        code: 'SCORE_INVALID',
        message:
          `No manifests can be generated. ${diagnostics[0]?.message ?? ''}`.trim(),
        issues: diagnostics,
      });
    }
    const issues = toDiagnosticsReport(diagnostics, DEFAULT_FILE).issues;
    response.json({ manifests, text: toYaml(manifests), issues });
  });

  router.get('/score/schema', async (request, response) => {
    await authorize(request);
    response
      .type('application/schema+json')
      .send(JSON.stringify(scoreJsonSchema));
  });

  return router;
}
