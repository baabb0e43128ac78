import { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry, checkOutput } from '../definitions';
import { environmentOf } from '../environments/environmentOf';
import { makerOf } from '../resources/providerOf';
import { ResourceStore } from '../resources/types';
import { CallbackExpectations } from './types';

const NOTHING: CallbackExpectations = { check: () => [], sensitive: [] };

/**
 * What the provider of a resource declares about its outputs. A report may have
 * fewer, which the workflow adds, and more, which it makes others of.
 */
export function createExpectationsOf(options: {
  registry: DefinitionRegistry;
  resources: Pick<ResourceStore, 'get'>;
}): (resourceId: string) => Promise<CallbackExpectations> {
  const { registry, resources } = options;
  return async resourceId => {
    const record = await resources.get(resourceId);
    const environment =
      record &&
      (await environmentOf(registry, { ...record, name: record.workload }));
    if (!record || !environment) {
      return NOTHING;
    }
    const { resourceType } = makerOf(record, {
      environment,
      providers: registry.providers(),
    });
    const { outputs } = resourceType;
    return {
      check: given =>
        outputs.flatMap(({ name, schema }) =>
          schema && Object.hasOwn(given, name)
            ? checkOutput(schema, given[name] as JsonValue).map(
                finding => `"${name}": ${finding}`,
              )
            : [],
        ),
      sensitive: outputs.filter(one => one.sensitive).map(one => one.name),
    };
  };
}
