import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import {
  Entity,
  DEFAULT_NAMESPACE,
  RELATION_OWNED_BY,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { ANNOTATION_WORKLOAD } from '@innominatus/backstage-plugin-innominatus-common';
import { ApplicationRecord } from './types';

export interface ApplicationIdentity {
  entityRef?: string;
  /** Entity ref of the owner. */
  owner?: string;
  /** Name of the system that the entity is part of; without its namespace when that is `default`. */
  system?: string;
}

/** Finds the catalog entity of an application, and with it the owner. */
export class ApplicationIdentities {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;

  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
  }): ApplicationIdentities {
    return new ApplicationIdentities(options);
  }

  private constructor(options: { catalog: CatalogService; auth: AuthService }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
  }

  /** Reads an entity as the caller; throws when the caller may not see it. */
  async readEntity(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<Entity> {
    const ref = normaliseRef(entityRef);
    const entity = await this.#catalog.getEntityByRef(ref, { credentials });
    if (!entity) {
      throw new InputError(
        `There is no entity "${ref}" in the catalog. Check the reference, for example component:default/orders.`,
      );
    }
    return entity;
  }

  identify(entity: Entity): ApplicationIdentity {
    return {
      entityRef: stringifyEntityRef(entity),
      owner: ownerOf(entity),
      system: systemOf(entity),
    };
  }

  /**
   * Who the application belongs to when nobody named an entity: the one it had
   * before, else the only component whose Score spec describes the workload.
   *
   * Asked with our own credentials: the owner decides who may deploy, so it
   * must not depend on what the caller may see.
   */
  async find(options: {
    name: string;
    existing: ApplicationRecord | undefined;
  }): Promise<ApplicationIdentity> {
    const { name, existing } = options;
    const credentials = await this.#auth.getOwnServiceCredentials();
    if (existing?.entityRef) {
      const entity = await this.#catalog.getEntityByRef(existing.entityRef, {
        credentials,
      });
      return entity
        ? this.identify(entity)
        : { entityRef: existing.entityRef, owner: existing.owner };
    }
    const { items } = await this.#catalog.getEntities(
      {
        filter: {
          kind: 'Component',
          [`metadata.annotations.${ANNOTATION_WORKLOAD}`]: name,
        },
        limit: 2,
      },
      { credentials },
    );
    return items.length === 1
      ? this.identify(items[0])
      : { owner: existing?.owner };
  }
}

function normaliseRef(entityRef: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(entityRef, {
        defaultKind: 'component',
        defaultNamespace: 'default',
      }),
    );
  } catch {
    throw new InputError(
      `"${entityRef}" is no entity reference. Expected for example component:default/orders.`,
    );
  }
}

function ownerOf(entity: Entity): string | undefined {
  const relation = entity.relations?.find(
    item => item.type === RELATION_OWNED_BY,
  );
  if (relation) {
    return relation.targetRef;
  }
  const owner = entity.spec?.owner;
  return typeof owner === 'string'
    ? stringifyEntityRef(
        parseEntityRef(owner, {
          defaultKind: 'group',
          defaultNamespace: entity.metadata.namespace ?? 'default',
        }),
      )
    : undefined;
}

function systemOf(entity: Entity): string | undefined {
  const { system } = entity.spec ?? {};
  if (typeof system !== 'string') {
    return undefined;
  }
  const { namespace, name } = parseEntityRef(system, {
    defaultKind: 'system',
    defaultNamespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE,
  });
  return namespace === DEFAULT_NAMESPACE ? name : `${namespace}/${name}`;
}
