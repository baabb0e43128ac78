import {
  Run,
  RunLogLine,
  RunStep,
  RunSummary,
} from '@innominatus/backstage-plugin-innominatus-common';

export function aStep(change: Partial<RunStep> = {}): RunStep {
  return {
    name: 'render',
    title: 'Render manifests',
    type: 'render-manifests',
    stage: 0,
    dependsOn: [],
    status: 'succeeded',
    attempt: 1,
    startedAt: '2026-11-23T12:00:00.000Z',
    endedAt: '2026-11-23T12:00:04.000Z',
    outputs: {},
    config: {},
    childRuns: [],
    ...change,
  };
}

export function aRunSummary(change: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'run-1',
    number: 1042,
    workflow: 'deploy-app',
    goldenPath: 'deploy-app',
    title: 'Deploy podinfo',
    status: 'succeeded',
    application: {
      environment: 'development',
      name: 'podinfo',
      entityRef: 'component:default/podinfo',
    },
    deployment: { id: 'deployment-1', number: 41 },
    initiator: 'user:default/guest',
    createdAt: '2026-11-23T12:00:00.000Z',
    startedAt: '2026-11-23T12:00:00.000Z',
    endedAt: '2026-11-23T12:02:03.000Z',
    stepsTotal: 2,
    stepsDone: 2,
    version: 7,
    allowedActions: {
      cancel: { allowed: true },
      pause: { allowed: true },
      resume: { allowed: false, reason: 'It is not paused.' },
      retry: { allowed: false, reason: 'It has not ended yet.' },
      undo: { allowed: false, reason: 'It has not ended yet.' },
    },
    ...change,
  };
}

export function aRun(change: Partial<Run> = {}): Run {
  return {
    ...aRunSummary(),
    parameters: { replicas: 2 },
    outputs: { url: 'https://podinfo.example.com' },
    steps: [
      aStep(),
      aStep({
        name: 'simulate',
        title: 'Simulate the rollout',
        type: 'simulate',
        stage: 1,
        dependsOn: ['render'],
      }),
    ],
    ...change,
  };
}

export function aLogLine(change: Partial<RunLogLine> = {}): RunLogLine {
  return {
    seq: 1,
    step: 'render',
    attempt: 1,
    time: '2026-11-23T12:00:01.331Z',
    level: 'info',
    text: 'Rendering 4 manifests',
    ...change,
  };
}
