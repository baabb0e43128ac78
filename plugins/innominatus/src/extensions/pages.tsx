import { PageBlueprint } from '@backstage/frontend-plugin-api';
import {
  RiBox3Line,
  RiDatabase2Line,
  RiFileCodeLine,
  RiPlayCircleLine,
  RiRoadMapLine,
  RiServerLine,
  RiShieldCheckLine,
  RiUserFollowLine,
} from '@remixicon/react';
import {
  approvalsRouteRef,
  environmentsRouteRef,
  goldenPathsRouteRef,
  impactRouteRef,
  planRouteRef,
  policiesRouteRef,
  providersRouteRef,
  resourcesRouteRef,
  runsRouteRef,
  scoreEditorRouteRef,
} from '../routes';

export const runsPage = PageBlueprint.make({
  name: 'runs',
  params: {
    path: '/innominatus/runs',
    title: 'Runs',
    icon: <RiPlayCircleLine />,
    routeRef: runsRouteRef,
    loader: () =>
      import('../components/RunsRouter').then(m => <m.RunsRouter />),
  },
});

export const approvalsPage = PageBlueprint.make({
  name: 'approvals',
  params: {
    path: '/innominatus/approvals',
    title: 'Approvals',
    icon: <RiUserFollowLine />,
    routeRef: approvalsRouteRef,
    loader: () =>
      import('../components/ApprovalsPage').then(m => <m.ApprovalsPage />),
  },
});

export const goldenPathsPage = PageBlueprint.make({
  name: 'golden-paths',
  params: {
    path: '/innominatus/golden-paths',
    title: 'Golden paths',
    icon: <RiRoadMapLine />,
    routeRef: goldenPathsRouteRef,
    loader: () =>
      import('../components/GoldenPathsPage').then(m => <m.GoldenPathsPage />),
  },
});

export const environmentsPage = PageBlueprint.make({
  name: 'environments',
  params: {
    path: '/innominatus/environments',
    title: 'Environments',
    icon: <RiServerLine />,
    routeRef: environmentsRouteRef,
    loader: () =>
      import('../components/EnvironmentsPage').then(m => (
        <m.EnvironmentsPage />
      )),
  },
});

export const resourcesPage = PageBlueprint.make({
  name: 'resources',
  params: {
    path: '/innominatus/resources',
    title: 'Resources',
    icon: <RiDatabase2Line />,
    routeRef: resourcesRouteRef,
    loader: () =>
      import('../components/ResourcesRouter').then(m => <m.ResourcesRouter />),
  },
});

export const providersPage = PageBlueprint.make({
  name: 'providers',
  params: {
    path: '/innominatus/providers',
    title: 'Providers',
    icon: <RiBox3Line />,
    routeRef: providersRouteRef,
    loader: () =>
      import('../components/ProvidersPage').then(m => <m.ProvidersPage />),
  },
});

export const policiesPage = PageBlueprint.make({
  name: 'policies',
  params: {
    path: '/innominatus/policies',
    title: 'Policies',
    icon: <RiShieldCheckLine />,
    routeRef: policiesRouteRef,
    loader: () =>
      import('../components/PoliciesPage').then(m => <m.PoliciesPage />),
  },
});

export const scoreEditorPage = PageBlueprint.make({
  name: 'score-editor',
  params: {
    path: '/innominatus/score-editor',
    title: 'Score editor',
    icon: <RiFileCodeLine />,
    routeRef: scoreEditorRouteRef,
    loader: () =>
      import('../components/ScoreEditorPage').then(m => <m.ScoreEditorPage />),
  },
});

/** Has no place in the menu: its path takes the id of a plan. */
export const planPage = PageBlueprint.make({
  name: 'plan',
  params: {
    path: '/innominatus/plans/:planId',
    title: 'Plan',
    routeRef: planRouteRef,
    loader: () => import('../components/PlanPage').then(m => <m.PlanPage />),
  },
});

/** Has no place in the menu either; the lists lead to it. */
export const impactPage = PageBlueprint.make({
  name: 'impact',
  params: {
    path: '/innominatus/impact/:subject',
    title: 'Impact',
    routeRef: impactRouteRef,
    loader: () =>
      import('../components/ImpactPage').then(m => <m.ImpactPage />),
  },
});
