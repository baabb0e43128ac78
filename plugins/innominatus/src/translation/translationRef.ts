import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { approvalsMessages } from './approvals';
import { commonMessages } from './common';
import { deploymentsMessages } from './deployments';
import { driftMessages, healthMessages } from './drift';
import { diffMessages, editorMessages } from './editor';
import { impactMessages } from './impact';
import { planMessages } from './plan';
import { policiesMessages } from './policies';
import {
  environmentsMessages,
  providersMessages,
  resourcesMessages,
} from './platform';
import { logMessages, runMessages } from './run';
import { goldenPathsMessages, runsMessages, schedulesMessages } from './runs';

/** The texts with the type of each key, for the plugin itself. */
export const translationRef = createTranslationRef({
  id: 'innominatus',
  messages: {
    approvals: approvalsMessages,
    common: commonMessages,
    deployments: deploymentsMessages,
    diff: diffMessages,
    drift: driftMessages,
    health: healthMessages,
    editor: editorMessages,
    environments: environmentsMessages,
    resources: resourcesMessages,
    providers: providersMessages,
    policies: policiesMessages,
    impact: impactMessages,
    plan: planMessages,
    runs: runsMessages,
    goldenPaths: goldenPathsMessages,
    schedules: schedulesMessages,
    run: runMessages,
    logs: logMessages,
  },
});
