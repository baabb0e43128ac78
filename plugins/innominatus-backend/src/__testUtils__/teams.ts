import { createMockDirectory } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import {
  applicationDeletePermission,
  applicationDeployPermission,
  applicationPlanPermission,
  applicationReadPermission,
  approvalDecidePermission,
  resourceReadPermission,
  runControlPermission,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  createApplicationConditionalDecision,
  createResourceConditionalDecision,
  createRunConditionalDecision,
  innominatusConditions,
} from '../access/rules';
import { PLATFORM } from './platformFiles';
import { TestPolicy } from './TestPolicy';

/** Users by team; whoever is not listed is an administrator. */
const TEAMS: Record<string, string> = {
  'user:default/alice': 'group:default/team-a',
  'user:default/mallory': 'group:default/team-b',
};

const MORE = `---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: production }
spec: { type: production }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: undeploy-app, version: 1.0.0 }
spec:
  steps:
    - { name: render, type: render-manifests }
    - { name: simulate, type: simulate, config: { duration: 1ms } }
    - name: deprovision
      type: resource-provisioning
      config: { operation: delete }
---
apiVersion: innominatus.dev/v1
kind: Policy
metadata: { name: keep-order }
spec: { limits: { steps: 50 } }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: say-hello, version: 1.0.0 }
spec:
  schedule: { cron: '0 0 1 1 *', parameters: { name: everybody } }
  parameters:
    name: { type: string, default: world }
  steps:
    - name: hello
      type: simulate
      config: { duration: 1ms, messages: ['hello \${params.name}'], undo: {} }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: ask-first, version: 1.0.0 }
spec:
  parameters:
    approver: { type: string, default: 'group:default/team-a' }
  outputs: { by: '\${steps.ask.outputs.approvedBy}' }
  steps:
    - name: ask
      title: Ask the team
      type: approval
      config:
        approvers: ['\${params.approver}']
        message: 'May \${params.approver} go on?'
        expiresAfter: 1d
    - { name: go, type: simulate, config: { duration: 1ms } }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: ask-two, version: 1.0.0 }
spec:
  steps:
    - name: go
      type: simulate
      when: manual
      approval: { quorum: 2, reasonRequired: true }
      config: { duration: 1ms }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-slowly, version: 1.0.0 }
spec:
  steps:
    - { name: provision, type: resource-provisioning }
    - { name: render, type: render-manifests }
    - name: simulate
      type: simulate
      config: { duration: 10m, messages: ['rolling out \${app.name}', done] }
`;

/** A folder with a small platform that two teams share. */
export function createPlatformDirectory(): string[] {
  return [
    createMockDirectory({ content: { 'platform.yaml': `${PLATFORM}${MORE}` } })
      .path,
  ];
}

/** A workload with a database of its own. */
export function scoreOf(name: string, db = 'type: postgres'): string {
  return `apiVersion: score.dev/v1b1
metadata:
  name: ${name}
containers:
  main:
    image: registry.example/${name}:1.0.0
    variables:
      DB_PASSWORD: \${resources.db.password}
resources:
  db: { ${db} }
`;
}

function component(name: string, owner: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner,
      score: scoreOf(name),
    },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

export const ENTITIES: Entity[] = [
  component('orders', 'group:default/team-a'),
  component('payments', 'group:default/team-b'),
];

/** The team of a user. */
export function teamOf(user: string): string | undefined {
  return Object.hasOwn(TEAMS, user) ? TEAMS[user] : undefined;
}

/** Everyone sees and changes what belongs to the team, and nothing else. */
export function restrictToOwners(policy: TestPolicy): void {
  const claimsOf = (user: string) => [TEAMS[user], user];
  const restrict = <T>(user: string, decision: (claims: string[]) => T) =>
    Object.hasOwn(TEAMS, user) ? decision(claimsOf(user)) : undefined;
  for (const permission of [
    applicationReadPermission,
    applicationPlanPermission,
    applicationDeployPermission,
    applicationDeletePermission,
  ]) {
    policy.decide(permission, user =>
      restrict(user, claims =>
        createApplicationConditionalDecision(
          permission,
          innominatusConditions.application.isOwner({ claims }),
        ),
      ),
    );
  }
  for (const permission of [
    runReadPermission,
    runControlPermission,
    approvalDecidePermission,
  ]) {
    policy.decide(permission, user =>
      restrict(user, claims =>
        createRunConditionalDecision(permission, {
          anyOf: [
            innominatusConditions.run.isOwner({ claims }),
            innominatusConditions.run.isInitiator({ claims }),
          ],
        }),
      ),
    );
  }
  policy.decide(resourceReadPermission, user =>
    restrict(user, claims =>
      createResourceConditionalDecision(
        resourceReadPermission,
        innominatusConditions.resource.isOwner({ claims }),
      ),
    ),
  );
}
