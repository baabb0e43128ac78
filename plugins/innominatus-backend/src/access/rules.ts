import {
  RESOURCE_TYPE_APPLICATION,
  RESOURCE_TYPE_ENVIRONMENT,
  RESOURCE_TYPE_GOLDEN_PATH,
  RESOURCE_TYPE_RESOURCE,
  RESOURCE_TYPE_RUN,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  PermissionResourceRef,
  createConditionExports,
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { z } from 'zod';
import { AccessSubject } from './types';

/**
 * What a rule asks of a row: one of the values in the column that holds the
 * attribute.
 *
 * @public
 */
export interface AccessQuery {
  attribute: keyof AccessSubject;
  values: string[];
}

type AccessRef<TType extends string> = PermissionResourceRef<
  AccessSubject,
  AccessQuery,
  TType,
  'innominatus'
>;

function createRef<const TType extends string>(
  resourceType: TType,
): AccessRef<TType> {
  return createPermissionResourceRef<AccessSubject, AccessQuery>().with({
    pluginId: 'innominatus',
    resourceType,
  });
}

/** @public */
export const applicationResourceRef = createRef(RESOURCE_TYPE_APPLICATION);
/** @public */
export const runResourceRef = createRef(RESOURCE_TYPE_RUN);
/** @public */
export const resourceResourceRef = createRef(RESOURCE_TYPE_RESOURCE);
/** @public */
export const environmentResourceRef = createRef(RESOURCE_TYPE_ENVIRONMENT);
/** @public */
export const goldenPathResourceRef = createRef(RESOURCE_TYPE_GOLDEN_PATH);

function matches(
  subject: AccessSubject,
  attribute: keyof AccessSubject,
  values: string[],
): boolean {
  const value = subject[attribute];
  // The same as SQL does: a row without a value matches no list of values.
  return value !== undefined && values.includes(value);
}

function isOwner<TType extends string>(resourceRef: AccessRef<TType>) {
  return createPermissionRule({
    name: 'IS_OWNER',
    description: 'Allow what belongs to one of the given owners',
    resourceRef,
    paramsSchema: z.object({
      claims: z
        .array(z.string())
        .describe('Entity refs of owners, usually those the user acts for'),
    }),
    apply: (subject, { claims }) => matches(subject, 'owner', claims),
    toQuery: ({ claims }) => ({ attribute: 'owner', values: claims }),
  });
}

function isInitiator<TType extends string>(resourceRef: AccessRef<TType>) {
  return createPermissionRule({
    name: 'IS_INITIATOR',
    description: 'Allow what was started by one of the given users',
    resourceRef,
    paramsSchema: z.object({
      claims: z.array(z.string()).describe('Entity refs of users'),
    }),
    apply: (subject, { claims }) => matches(subject, 'initiator', claims),
    toQuery: ({ claims }) => ({ attribute: 'initiator', values: claims }),
  });
}

function hasEnvironment<TType extends string>(resourceRef: AccessRef<TType>) {
  return createPermissionRule({
    name: 'HAS_ENVIRONMENT',
    description: 'Allow what is in one of the given environments',
    resourceRef,
    paramsSchema: z.object({
      environments: z.array(z.string()).describe('Names of environments'),
    }),
    apply: (subject, { environments }) =>
      matches(subject, 'environment', environments),
    toQuery: ({ environments }) => ({
      attribute: 'environment',
      values: environments,
    }),
  });
}

function hasEnvironmentType<TType extends string>(
  resourceRef: AccessRef<TType>,
) {
  return createPermissionRule({
    name: 'HAS_ENVIRONMENT_TYPE',
    description: 'Allow what is in an environment of one of the given types',
    resourceRef,
    paramsSchema: z.object({
      types: z
        .array(z.string())
        .describe('Types of environments, for example `development`'),
    }),
    apply: (subject, { types }) => matches(subject, 'environmentType', types),
    toQuery: ({ types }) => ({ attribute: 'environmentType', values: types }),
  });
}

function hasGoldenPath<TType extends string>(resourceRef: AccessRef<TType>) {
  return createPermissionRule({
    name: 'HAS_GOLDEN_PATH',
    description: 'Allow what uses one of the given golden paths',
    resourceRef,
    paramsSchema: z.object({
      names: z.array(z.string()).describe('Names of golden paths'),
    }),
    apply: (subject, { names }) => matches(subject, 'goldenPath', names),
    toQuery: ({ names }) => ({ attribute: 'goldenPath', values: names }),
  });
}

function hasCategory<TType extends string>(resourceRef: AccessRef<TType>) {
  return createPermissionRule({
    name: 'HAS_CATEGORY',
    description: 'Allow golden paths of one of the given categories',
    resourceRef,
    paramsSchema: z.object({
      categories: z.array(z.string()).describe('Categories of golden paths'),
    }),
    apply: (subject, { categories }) =>
      matches(subject, 'category', categories),
    toQuery: ({ categories }) => ({
      attribute: 'category',
      values: categories,
    }),
  });
}

/** Rules by resource type; each type has only those that can hold for it. */
export const applicationRules = {
  isOwner: isOwner(applicationResourceRef),
  hasEnvironment: hasEnvironment(applicationResourceRef),
  hasEnvironmentType: hasEnvironmentType(applicationResourceRef),
};

export const runRules = {
  isOwner: isOwner(runResourceRef),
  isInitiator: isInitiator(runResourceRef),
  hasEnvironment: hasEnvironment(runResourceRef),
  hasEnvironmentType: hasEnvironmentType(runResourceRef),
  hasGoldenPath: hasGoldenPath(runResourceRef),
};

export const resourceRules = {
  isOwner: isOwner(resourceResourceRef),
  hasEnvironment: hasEnvironment(resourceResourceRef),
  hasEnvironmentType: hasEnvironmentType(resourceResourceRef),
};

export const environmentRules = {
  hasEnvironment: hasEnvironment(environmentResourceRef),
  hasEnvironmentType: hasEnvironmentType(environmentResourceRef),
};

export const goldenPathRules = {
  isOwner: isOwner(goldenPathResourceRef),
  hasGoldenPath: hasGoldenPath(goldenPathResourceRef),
  hasCategory: hasCategory(goldenPathResourceRef),
};

const application = createConditionExports({
  resourceRef: applicationResourceRef,
  rules: applicationRules,
});
const run = createConditionExports({
  resourceRef: runResourceRef,
  rules: runRules,
});
const resource = createConditionExports({
  resourceRef: resourceResourceRef,
  rules: resourceRules,
});
const environment = createConditionExports({
  resourceRef: environmentResourceRef,
  rules: environmentRules,
});
const goldenPath = createConditionExports({
  resourceRef: goldenPathResourceRef,
  rules: goldenPathRules,
});

/**
 * Conditions for permission policies, by the kind of object they are about.
 *
 * @example
 * ```ts
 * createApplicationConditionalDecision(
 *   request.permission,
 *   innominatusConditions.application.isOwner({ claims }),
 * );
 * ```
 *
 * @public
 */
export const innominatusConditions = {
  application: application.conditions,
  run: run.conditions,
  resource: resource.conditions,
  environment: environment.conditions,
  goldenPath: goldenPath.conditions,
};

/** @public */
export const createApplicationConditionalDecision =
  application.createConditionalDecision;
/** @public */
export const createRunConditionalDecision = run.createConditionalDecision;
/** @public */
export const createResourceConditionalDecision =
  resource.createConditionalDecision;
/** @public */
export const createEnvironmentConditionalDecision =
  environment.createConditionalDecision;
/** @public */
export const createGoldenPathConditionalDecision =
  goldenPath.createConditionalDecision;
