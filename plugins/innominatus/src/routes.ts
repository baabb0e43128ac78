import {
  createExternalRouteRef,
  createRouteRef,
  createSubRouteRef,
} from '@backstage/frontend-plugin-api';

export const runsRouteRef = createRouteRef();

export const runRouteRef = createSubRouteRef({
  parent: runsRouteRef,
  path: '/:runId',
});

export const goldenPathsRouteRef = createRouteRef();

export const approvalsRouteRef = createRouteRef();

export const environmentsRouteRef = createRouteRef();

export const resourcesRouteRef = createRouteRef();

export const resourceRouteRef = createSubRouteRef({
  parent: resourcesRouteRef,
  path: '/:resourceId',
});

export const providersRouteRef = createRouteRef();

export const policiesRouteRef = createRouteRef();

export const scoreEditorRouteRef = createRouteRef();

/** `providers` or `golden-paths`: what another version of them would change. */
export const impactRouteRef = createRouteRef({ params: ['subject'] });

export const planRouteRef = createRouteRef({ params: ['planId'] });

/** The form of the scaffolder for one template. */
export const templateRouteRef = createExternalRouteRef({
  params: ['namespace', 'templateName'],
  defaultTarget: 'scaffolder.selectedTemplate',
});
