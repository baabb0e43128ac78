import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { RiRocket2Line } from '@remixicon/react';
import { innominatusApi } from './extensions/apis';
import { deploymentStatusCard, deploymentsContent } from './extensions/entity';
import {
  approvalsPage,
  environmentsPage,
  goldenPathsPage,
  impactPage,
  planPage,
  policiesPage,
  providersPage,
  resourcesPage,
  runsPage,
  scoreEditorPage,
} from './extensions/pages';
import {
  approvalsRouteRef,
  environmentsRouteRef,
  goldenPathsRouteRef,
  impactRouteRef,
  planRouteRef,
  policiesRouteRef,
  providersRouteRef,
  resourceRouteRef,
  resourcesRouteRef,
  runRouteRef,
  runsRouteRef,
  scoreEditorRouteRef,
  templateRouteRef,
} from './routes';

/**
 * Pages, entity tab and card of innominatus.
 *
 * @public
 */
export const innominatusPlugin = createFrontendPlugin({
  pluginId: 'innominatus',
  title: 'Platform orchestrator',
  icon: <RiRocket2Line />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    runs: runsRouteRef,
    run: runRouteRef,
    approvals: approvalsRouteRef,
    goldenPaths: goldenPathsRouteRef,
    plan: planRouteRef,
    impact: impactRouteRef,
    environments: environmentsRouteRef,
    resources: resourcesRouteRef,
    resource: resourceRouteRef,
    providers: providersRouteRef,
    policies: policiesRouteRef,
    scoreEditor: scoreEditorRouteRef,
  },
  externalRoutes: { template: templateRouteRef },
  extensions: [
    innominatusApi,
    runsPage,
    approvalsPage,
    goldenPathsPage,
    environmentsPage,
    resourcesPage,
    providersPage,
    policiesPage,
    scoreEditorPage,
    planPage,
    impactPage,
    deploymentsContent,
    deploymentStatusCard,
  ],
});
