import { Environment, EnvironmentTarget } from '../api/types';
import { JsonObject } from '../json';
import { interpolate } from '../workflow/interpolate';

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;

/**
 * The environment as one application sees it: with the templates of its target
 * filled in. A namespace that Kubernetes would refuse is a problem, which says
 * what to change.
 *
 * @public
 */
export function resolveEnvironment(
  environment: Environment,
  application: { name: string },
): { environment: Environment; problem?: string } {
  const { name, type, variables = {} } = environment;
  const target = interpolate(environment.target as JsonObject, {
    env: {},
    params: {},
    variables: {},
    workflow: {},
    steps: {},
    resources: {},
    metadata: {},
    environment: { ...variables, name, type },
    app: { name: application.name },
  }) as EnvironmentTarget;
  return {
    environment: { ...environment, target },
    problem: problemOf(target, environment),
  };
}

function problemOf(
  target: EnvironmentTarget,
  { name, target: written }: Environment,
): string | undefined {
  if (target.type !== 'kubernetes') {
    return undefined;
  }
  const { namespace } = target;
  if (DNS_LABEL.test(namespace) && namespace.length <= LONGEST_LABEL) {
    return undefined;
  }
  const template =
    written.type === 'kubernetes' ? written.namespace : namespace;
  const reason =
    namespace.length > LONGEST_LABEL
      ? `is ${namespace.length} characters long, at most ${LONGEST_LABEL} are allowed`
      : 'is no DNS label; expected lower-case letters, digits and dashes, beginning and ending with a letter or digit';
  return `The namespace "${namespace}", which the environment "${name}" makes of "${template}", ${reason}. Change "target.namespace" of the environment, or take another name for the application.`;
}
