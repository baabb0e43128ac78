/** Definitions as files have them: one of each kind that resources need. */
export const ENVIRONMENT = `apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development }
`;

export const WORKFLOW = `apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: make }
spec:
  steps:
    - name: make
      type: simulate
      config: { outputs: { host: a } }
  outputs: { host: '\${make.host}' }
`;

export const PROVIDER = `apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: simulator, version: 1.0.0 }
spec:
  resourceTypes:
    - type: postgres
      outputs: [{ name: host }]
      operations: { create: { workflow: make } }
`;
