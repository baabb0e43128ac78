import { PageBlueprint } from '@backstage/frontend-plugin-api';
import {
  RiPlayCircleLine,
  RiRoadMapLine,
  RiUserFollowLine,
} from '@remixicon/react';
import {
  approvalsRouteRef,
  goldenPathsRouteRef,
  planRouteRef,
  runsRouteRef,
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
