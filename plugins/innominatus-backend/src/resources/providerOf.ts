import {
  Environment,
  ProviderDefinition,
  ProviderMatch,
  ResourceIdentity,
  matchProvider,
  resourceSlug,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ResourceRecord } from './types';

export interface ProviderOfOptions {
  environment: Environment;
  providers: readonly ProviderDefinition[];
}

/** Who provides a resource now; fails the step when that is not clear. */
export function providerOf(
  resource: { type: string; class: string; id?: string },
  options: ProviderOfOptions,
): ProviderMatch {
  const result = matchProvider({ resource, ...options });
  if (result.kind !== 'match') {
    throw new StepFailure(
      `No single provider offers "${resource.type}" in the environment "${options.environment.name}" any more.`,
      { code: 'PROVIDER_MISSING' },
    );
  }
  return result;
}

/** Who made a resource; whoever that was also deletes it. */
export function makerOf(
  record: ResourceRecord,
  options: ProviderOfOptions,
): ProviderMatch {
  const result = matchProvider({
    resource: { type: record.type, class: record.class, id: record.sharedId },
    environment: options.environment,
    providers: options.providers.filter(
      provider => provider.name === record.provider?.name,
    ),
  });
  if (result.kind !== 'match') {
    throw new StepFailure(
      `The provider "${record.provider?.name}" that made "${record.uid}" does not offer "${record.type}" any more, so it cannot be deleted.`,
      { code: 'PROVIDER_MISSING' },
    );
  }
  return result;
}

/** Who a resource is, as its provider sees it. */
export function identityOf(
  resource: {
    name: string;
    type: string;
    class: string;
    id?: string;
    uid: string;
  },
  record: ResourceRecord,
): ResourceIdentity {
  return {
    name: resource.name,
    type: resource.type,
    class: resource.class,
    id: resource.id ?? '',
    uid: resource.uid,
    slug: resourceSlug(resource.uid),
    guid: record.id,
  };
}
