import {
  InterpolationError,
  JsonObject,
  JsonValue,
  SecretReference,
  isSecretReference,
  pickSecretPart,
  readSecretAddress,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { environmentInput } from '../environments/environmentInput';
import { identityOf } from '../resources/providerOf';
import {
  keepResourceSecret,
  secretPrefix,
} from '../resources/keepResourceSecret';
import { fillHints } from '../resources/storeOutputs';
import {
  ResourcePatch,
  ResourceRecord,
  ResourceStore,
} from '../resources/types';
import { SecretStore } from '../secrets/types';
import { FoundResource } from './compareResource';
import { ResourceLookout } from './ResourceLooks';

export interface AcceptResourceOptions {
  record: ResourceRecord;
  lookout: ResourceLookout;
  /** Nothing when the resource is gone. */
  found: FoundResource | undefined;
  reason: string;
  by: string;
}

/** Makes what is there the record of a resource. */
export class DriftAcceptance {
  readonly #knex: Knex;
  readonly #store: ResourceStore;
  readonly #secrets: SecretStore;

  static create(options: {
    knex: Knex;
    store: ResourceStore;
    secrets: SecretStore;
  }): DriftAcceptance {
    return new DriftAcceptance(options);
  }

  private constructor(options: {
    knex: Knex;
    store: ResourceStore;
    secrets: SecretStore;
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#secrets = options.secrets;
  }

  /**
   * The change takes the same way through the states as every other, so that who
   * accepted it and why stands in the life of the resource. It is one
   * transaction: nobody ever sees the resource on the way.
   */
  async accept(options: AcceptResourceOptions): Promise<void> {
    const { record, found, by } = options;
    const { id } = record;
    const reason = `Drift accepted: ${options.reason}`;
    if (!found) {
      await this.#knex.transaction(async transaction => {
        const store = this.#store.within(transaction);
        await store.transition({ id, to: 'terminating', reason, by });
        await store.transition({
          id,
          to: 'terminated',
          reason: 'It was gone already',
          by,
          patch: { outputs: {}, hints: [] },
        });
      });
      await this.#secrets.deleteByPrefix(secretPrefix(id));
      return;
    }
    const patch = await this.#patchOf(options, found);
    await this.#knex.transaction(async transaction => {
      const store = this.#store.within(transaction);
      if (record.state === 'degraded') {
        await store.transition({ id, to: 'active', reason, by });
      }
      await store.transition({ id, to: 'updating', reason, by });
      await store.transition({ id, to: 'active', reason, by, patch });
    });
  }

  /** The hash of the params stays: it says what the Score spec asked for. */
  async #patchOf(
    { record, lookout }: AcceptResourceOptions,
    found: FoundResource,
  ): Promise<ResourcePatch> {
    const outputs: JsonObject = { ...record.outputs };
    for (const [name, value] of Object.entries(found.outputs)) {
      outputs[name] = await this.#keep({ record, lookout, name, value });
    }
    const params: JsonObject = {
      ...(record.resolvedParams ?? record.params),
      ...found.params,
    };
    return {
      outputs,
      resolvedParams: params,
      hints: hintsOf(record, lookout, { params, outputs }),
    };
  }

  /** The secrets of the run go away with the run; those of the resource stay. */
  async #keep(options: {
    record: ResourceRecord;
    lookout: ResourceLookout;
    name: string;
    value: JsonValue;
  }): Promise<JsonValue> {
    const { record, lookout, name, value } = options;
    const isSecret =
      isSecretReference(value) ||
      isSecretReference(record.outputs[name]) ||
      lookout.resourceType.outputs.some(
        output => output.name === name && output.sensitive,
      );
    if (!isSecret) {
      return value;
    }
    return keepResourceSecret({
      secrets: this.#secrets,
      resourceId: record.id,
      output: name,
      value: isSecretReference(value) ? await this.#read(value) : value,
    });
  }

  async #read(reference: SecretReference): Promise<JsonValue> {
    const { stored } = readSecretAddress(reference.$secretRef);
    const text = await this.#secrets.get({ $secretRef: stored });
    return pickSecretPart(reference.$secretRef, text) ?? null;
  }
}

/** As they were when one of them names what only a deployment knows. */
function hintsOf(
  record: ResourceRecord,
  { resourceType, environment }: ResourceLookout,
  values: { params: JsonObject; outputs: JsonObject },
): ResourceRecord['hints'] {
  try {
    return fillHints(resourceType, {
      ...values,
      resource: identityOf({ ...record, id: record.sharedId }, record),
      metadata: {},
      environment: environmentInput(environment),
    });
  } catch (error) {
    if (error instanceof InterpolationError) {
      return record.hints;
    }
    throw error;
  }
}
