/** Shown on the page of installed actions; the tests check them against the schema. */
export const examples = [
  {
    description: 'Deploy a component of the catalog',
    example: `steps:
  - id: deploy
    action: innominatus:golden-path:run
    name: Deploy
    input:
      goldenPath: deploy-app
      entityRef: component:default/podinfo
      environment: development
`,
  },
  {
    description:
      'Start a golden path with parameters and go on without waiting',
    example: `steps:
  - id: database
    action: innominatus:golden-path:run
    name: Check the database
    input:
      goldenPath: db-lifecycle
      parameters:
        operation: health-check
      wait: false
`,
  },
];
