import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import express, { Express } from 'express';
import { AccessControl, AccessSubject } from '../access/types';
import { problemDetails } from '../http';
import { createFollowUpsRouter, createRunsRouter } from '../runs';
import { TestEngine } from './TestEngine';
import { RecordedAudit, recordingAuditor } from './recordingAuditor';

/** Whom the test wants to let do what. */
export interface TestRights {
  mayRead: (subject: AccessSubject) => boolean;
  mayControl: boolean;
}

/** The routes of runs over a test engine, as the plugin mounts them. */
export function createTestApp(
  engine: TestEngine,
  rights: TestRights,
  audits: RecordedAudit[] = [],
): Express {
  const app = express();
  const common = {
    runs: engine.runs,
    store: engine.store,
    approvals: { addToRun: async (_credentials: unknown, run: Run) => run },
    access: createAccess(rights),
    auditor: recordingAuditor(audits),
    httpAuth: mockServices.httpAuth({
      defaultCredentials: mockCredentials.user('user:default/jane'),
    }),
  };
  app.use(
    '/v1',
    createRunsRouter({
      ...common,
      changes: engine.changes,
    }),
    createFollowUpsRouter({
      ...common,
      followUps: engine.followUps,
      idempotency: engine.idempotency,
    }),
  );
  app.use(problemDetails({ logger: engine.logger }));
  return app;
}

function createAccess(rights: TestRights): AccessControl {
  return {
    initiator: () => 'user:default/jane',
    filter: async () => () => {},
    check: async (_credentials, questions) =>
      questions.map(({ permission }) =>
        permission.attributes.action === 'read' || rights.mayControl
          ? { allowed: true }
          : { allowed: false, reason: 'Ask the owner.' },
      ),
    require: async (_credentials, { permission, subject, name }) => {
      if (!rights.mayRead(subject ?? {})) {
        throw new NotFoundError(`There is no ${name}`);
      }
      if (permission.attributes.action !== 'read' && !rights.mayControl) {
        throw new NotAllowedError(`You may not control ${name}`);
      }
    },
  };
}
