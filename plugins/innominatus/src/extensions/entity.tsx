import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';

/** Workloads: components that carry a Score spec. */
const isWorkload = {
  kind: 'component',
  'spec.score': { $exists: true },
} as const;

export const deploymentsContent = EntityContentBlueprint.make({
  name: 'deployments',
  params: {
    path: 'deployments',
    title: 'Deployments',
    group: 'deployment',
    filter: isWorkload,
    loader: () =>
      import('../components/DeploymentsTab').then(m => <m.DeploymentsTab />),
  },
});

export const deploymentStatusCard = EntityCardBlueprint.make({
  name: 'deployment-status',
  params: {
    type: 'content',
    filter: isWorkload,
    loader: () =>
      import('../components/DeploymentStatusCard').then(m => (
        <m.DeploymentStatusCard />
      )),
  },
});
