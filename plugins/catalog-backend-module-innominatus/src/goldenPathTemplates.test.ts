import {
  Environment,
  GoldenPath,
} from '@innominatus/backstage-plugin-innominatus-common';
import { goldenPathTemplate } from './goldenPathTemplates';

const goldenPath: GoldenPath = {
  name: 'deploy-app',
  title: 'Deploy a workload',
  tags: ['score'],
  owner: 'group:default/platform-team',
  parameters: [],
  parametersSchema: { type: 'object', properties: {} },
  needsApplication: true,
  steps: [],
  state: 'active',
  problems: [],
  allowedActions: { run: { allowed: true } },
};

const environments: Environment[] = [
  {
    name: 'development',
    title: 'Development',
    type: 'development',
    order: 1,
    target: { type: 'simulate' },
  },
  {
    name: 'production',
    type: 'production',
    order: 2,
    target: { type: 'simulate' },
  },
];

describe('goldenPathTemplate', () => {
  it('asks for workload and environment when the golden path needs them', () => {
    const template = goldenPathTemplate(goldenPath, environments);
    expect(template).toMatchObject({
      kind: 'Template',
      metadata: {
        name: 'innominatus-deploy-app',
        annotations: { 'innominatus.dev/golden-path': 'deploy-app' },
      },
      spec: {
        owner: 'group:default/platform-team',
        parameters: [
          {
            required: ['workload', 'environment'],
            properties: {
              environment: {
                enum: ['development', 'production'],
                enumNames: ['Development', 'production'],
              },
            },
          },
        ],
        steps: [
          {
            action: 'innominatus:golden-path:run',
            input: {
              goldenPath: 'deploy-app',
              entityRef: '${{ parameters.workload }}',
              environment: '${{ parameters.environment }}',
            },
          },
        ],
      },
    });
  });

  it('asks for the image only of what is deployed, and for a reason in a freeze', () => {
    const fieldsOf = (path: GoldenPath) => {
      const { parameters, steps } = goldenPathTemplate(path, environments)
        .spec as {
        parameters: Array<{ properties: object }>;
        steps: Array<{ input: object }>;
      };
      return [
        ...Object.keys(parameters[0].properties),
        ...Object.keys(steps[0].input),
      ];
    };
    expect(fieldsOf(goldenPath)).toEqual([
      ...['workload', 'environment', 'image', 'overrideFreeze'],
      ...['goldenPath', 'entityRef', 'environment', 'overrideFreeze', 'image'],
    ]);
    expect(fieldsOf({ ...goldenPath, removesApplication: true })).toEqual([
      ...['workload', 'environment', 'overrideFreeze'],
      ...['goldenPath', 'entityRef', 'environment', 'overrideFreeze'],
    ]);
  });

  it('makes a form of the parameters below one key', () => {
    const template = goldenPathTemplate(
      {
        ...goldenPath,
        needsApplication: false,
        parameters: [{ name: 'database', type: 'string', required: true }],
        parametersSchema: {
          type: 'object',
          required: ['database'],
          properties: { database: { type: 'string', title: 'Database' } },
        },
      },
      environments,
    );
    expect(template.spec).toMatchObject({
      parameters: [
        {
          properties: {
            parameters: {
              required: ['database'],
              properties: { database: { type: 'string' } },
            },
          },
        },
      ],
      steps: [{ input: { parameters: '${{ parameters.parameters }}' } }],
    });
  });
});
