/** A small platform: an environment, a golden path and a provider. */
export const PLATFORM = `apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, version: 1.0.0 }
spec:
  steps:
    - { name: provision, type: resource-provisioning }
    - { name: render, type: render-manifests }
    - name: simulate
      type: simulate
      config: { duration: 1ms, messages: ['rolling out \${app.name}'] }
    - name: prune
      type: resource-provisioning
      config: { operation: delete }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: simulator, version: 1.0.0 }
spec:
  resourceTypes:
    - type: postgres
      parameters:
        type: object
        additionalProperties: false
        properties:
          size: { type: string, enum: [small, large] }
          failWith: { type: string }
      outputs:
        - { name: host }
        - { name: password, sensitive: true }
      hints:
        - { type: connection_string, label: Connection, value: 'postgres://app:\${outputs.password}@\${outputs.host}' }
      operations:
        create: { workflow: make-postgres }
        delete: { workflow: drop-postgres }
      healthCheck: { type: workflow, config: { workflow: see-postgres } }
    - type: dns
      outputs:
        - { name: host }
      values: { host: '\${resource.name}.\${environment.name}.example' }
    - type: route
      parameters:
        type: object
        required: [host]
        properties: { host: { type: string } }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: make-postgres }
spec:
  steps:
    - name: create
      type: simulate
      config:
        duration: 1ms
        outputs:
          host: \${params.resource.slug}.internal
          password: s3cr3t-of-\${params.resource.name}
        sensitive: [password]
  outputs:
    host: \${create.host}
    password: \${create.password}
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: drop-postgres }
spec:
  steps:
    - { name: drop, type: simulate, config: { duration: 1ms } }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: see-postgres }
spec:
  steps:
    - { name: see, type: simulate, config: { duration: 1ms } }
`;

/** A workload that asks for everything the platform has. */
export const SCORE = `apiVersion: score.dev/v1b1
metadata:
  name: orders
containers:
  main:
    image: registry.example/orders:1.0.0
    variables:
      DB_HOST: \${resources.db.host}
      DB_PASSWORD: \${resources.db.password}
resources:
  db:
    type: postgres
    params:
      size: small
  dns:
    type: dns
  route:
    type: route
    params:
      host: \${resources.dns.host}
`;
