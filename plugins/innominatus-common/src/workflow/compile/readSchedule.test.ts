import { compile, HEAD, problems } from './testCompile';

const PATH = `${HEAD.replace('kind: Workflow', 'kind: GoldenPath')}spec:
  parameters:
    size: { type: int, required: true }
  steps: [{ name: a, type: simulate }]
`;

const scheduled = (text: string) => `${PATH}  schedule: ${text}\n`;

describe('the schedule of a workflow', () => {
  it('has defaults that are safe', () => {
    const { schedule } = compile(
      scheduled("{ cron: '0 3 * * *', parameters: { size: 1 } }"),
    );
    expect(schedule).toEqual({
      cron: '0 3 * * *',
      timezone: 'UTC',
      parameters: { size: 1 },
      enabled: true,
      concurrencyPolicy: 'skip',
      startingDeadlineMs: 600_000,
    });
  });

  it('is read in full', () => {
    const { schedule } = compile(
      scheduled(
        "{ cron: '0 3 * * 1-5', timezone: Europe/Zurich, parameters: { size: 1 }, enabled: false, concurrencyPolicy: queue, startingDeadline: 1h }",
      ),
    );
    expect(schedule).toMatchObject({
      timezone: 'Europe/Zurich',
      enabled: false,
      concurrencyPolicy: 'queue',
      startingDeadlineMs: 3_600_000,
    });
  });

  it('passes anything to a workflow that declares nothing', () => {
    const text = `${HEAD}spec:\n  steps: [{ name: a, type: simulate }]\n  schedule: { cron: '0 3 * * *', parameters: { x: 1 } }\n`;
    expect(compile(text).schedule?.parameters).toEqual({ x: 1 });
  });

  it.each([
    ['{}', 'WORKFLOW_SCHEDULE /spec/schedule/cron'],
    ['nightly', 'WORKFLOW_INVALID /spec/schedule'],
    [
      "{ cron: '99 * * * *', parameters: { size: 1 } }",
      'WORKFLOW_SCHEDULE /spec/schedule/cron',
    ],
    [
      "{ cron: '0 3 * * *', timezone: Nowhere, parameters: { size: 1 } }",
      'WORKFLOW_SCHEDULE /spec/schedule/timezone',
    ],
    [
      "{ cron: '0 3 * * *' }",
      'WORKFLOW_SCHEDULE /spec/schedule/parameters/size',
    ],
    [
      "{ cron: '0 3 * * *', parameters: { size: big } }",
      'WORKFLOW_SCHEDULE /spec/schedule/parameters/size',
    ],
    [
      "{ cron: '0 3 * * *', parameters: { size: 1, colour: red } }",
      'WORKFLOW_SCHEDULE /spec/schedule/parameters/colour',
    ],
    [
      "{ cron: '0 3 * * *', parameters: { size: 1 }, concurrencyPolicy: replace }",
      'WORKFLOW_SCHEDULE /spec/schedule/concurrencyPolicy',
    ],
    [
      "{ cron: '0 3 * * *', parameters: { size: 1 }, enabled: 'yes' }",
      'WORKFLOW_SCHEDULE /spec/schedule/enabled',
    ],
    [
      "{ cron: '0 3 * * *', parameters: { size: 1 }, startingDeadline: soon }",
      'WORKFLOW_DURATION /spec/schedule/startingDeadline',
    ],
    [
      "{ cron: '0 3 * * *', parameters: { size: 1 }, every: day }",
      'WORKFLOW_UNKNOWN_KEY /spec/schedule/every',
    ],
  ])('%s is an error with a place', (text, problem) => {
    expect(problems(scheduled(text))).toEqual([problem]);
    const found = compile(scheduled(text)).diagnostics.find(
      ({ severity }) => severity === 'error',
    );
    expect(found?.line).toBe(9);
  });
});
