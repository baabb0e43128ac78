import { NotFoundError } from '@backstage/errors';
import {
  JsonObject,
  JsonValue,
  SecretReference,
  isSecretReference,
  jsonSecretAddress,
  pickSecretPart,
  readSecretAddress,
  readSecretToken,
  secretLeaves,
  secretToken,
  SECRET_TOKEN_PATTERN,
  textSecretAddress,
  valueToText,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { SecretStore } from '../secrets/types';
import { Redactor } from './Redactor';

/** Redacting a secret takes time that grows with its length. */
const MAX_KEPT_BYTES = 64 * 1024;

/**
 * The secrets of one run: exchanges references for values and values for
 * references, and has every value it saw redacted.
 */
export class RunSecrets {
  readonly #store: SecretStore;
  readonly #redactor: Redactor;
  readonly #known = new Map<string, string>();

  static create(store: SecretStore, redactor: Redactor): RunSecrets {
    return new RunSecrets(store, redactor);
  }

  private constructor(store: SecretStore, redactor: Redactor) {
    this.#store = store;
    this.#redactor = redactor;
  }

  /** Replaces references, whole or as markers inside text, by the values. */
  async resolve<T extends JsonValue>(value: T): Promise<T> {
    return mapJson(value, {
      reference: address => this.#get(address),
      text: text => this.resolveText(text),
    }) as Promise<T>;
  }

  async resolveText(text: string): Promise<string> {
    const parts: string[] = [];
    let end = 0;
    for (const match of text.matchAll(SECRET_TOKEN_PATTERN)) {
      const address = readSecretToken(match[1]);
      if (address !== undefined) {
        const value = await this.#get(address);
        parts.push(text.slice(end, match.index), valueToText(value));
        end = match.index + match[0].length;
      }
    }
    parts.push(text.slice(end));
    return parts.join('');
  }

  /** Keeps a value that a step produced and answers what to record instead. */
  async keep(address: string, value: JsonValue): Promise<JsonValue> {
    if (isSecretReference(value)) {
      return value;
    }
    const isText = typeof value === 'string';
    const text = isText ? value : JSON.stringify(value);
    const reference = await this.#store.put(
      isText ? textSecretAddress(address) : jsonSecretAddress(address),
      text,
    );
    this.#learn(reference.$secretRef, text);
    return { ...reference };
  }

  /** Keeps a text that is secret, for a later step or the undo. */
  async keepText(address: string, text: string): Promise<SecretReference> {
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_KEPT_BYTES) {
      throw new StepFailure(
        `The secret "${address}" has ${bytes} bytes, at most ${MAX_KEPT_BYTES} can be kept.`,
        { code: 'SECRET_TOO_LARGE' },
      );
    }
    const reference = await this.#store.put(address, text);
    this.#learn(reference.$secretRef, text);
    return reference;
  }

  /**
   * Makes a value safe to record: what is a secret becomes its reference, a
   * secret inside text becomes its marker, and the rest is redacted.
   */
  async conceal(value: JsonValue): Promise<JsonValue> {
    return mapJson(value, {
      reference: async address => ({ $secretRef: address }),
      text: async text => this.#concealText(text),
    });
  }

  /** Has the secrets redacted that the value refers to. */
  async learnFrom(value: JsonValue): Promise<void> {
    const addresses = new Set<string>();
    collectAddresses(value, addresses);
    for (const address of addresses) {
      // A secret that is gone cannot show up in a log either.
      await this.#get(address).catch(() => undefined);
    }
  }

  #concealText(text: string): JsonValue {
    const [marker] = text.match(SECRET_TOKEN_PATTERN) ?? [];
    const address = marker === text ? readSecretToken(marker) : undefined;
    if (address !== undefined) {
      return { $secretRef: address };
    }
    let concealed = text;
    for (const [secret, secretAddress] of this.#known) {
      if (text === secret) {
        return { $secretRef: secretAddress };
      }
      concealed = concealed.replaceAll(secret, secretToken(secretAddress));
    }
    return this.#redactor.redact(concealed);
  }

  async #get(address: string): Promise<JsonValue> {
    const { stored } = readSecretAddress(address);
    const text = await this.#store.get({ $secretRef: stored });
    this.#learn(stored, text);
    const value = pickSecretPart(address, text);
    if (value === undefined) {
      throw new NotFoundError(
        `The secret "${stored}" has no part "${address.slice(stored.length + 1)}"`,
      );
    }
    return value;
  }

  #learn(address: string, value: string): void {
    this.#add(address, value);
    for (const leaf of secretLeaves(address, value)) {
      this.#add(leaf.address, leaf.text);
    }
  }

  #add(address: string, value: string): void {
    this.#redactor.add(value);
    if (value.length > 1) {
      this.#known.set(value, address);
    }
  }
}

/** Replaces secret references by markers, for schemas that expect text. */
export function referencesToMarkers(value: JsonValue): JsonValue {
  if (isSecretReference(value)) {
    return secretToken(value.$secretRef);
  }
  if (Array.isArray(value)) {
    return value.map(referencesToMarkers);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        referencesToMarkers(child),
      ]),
    );
  }
  return value;
}

/** Addresses of all references, whole or as markers inside of text. */
function collectAddresses(value: JsonValue, addresses: Set<string>): void {
  if (typeof value === 'string') {
    for (const [, marked] of value.matchAll(SECRET_TOKEN_PATTERN)) {
      const address = readSecretToken(marked);
      if (address !== undefined) {
        addresses.add(address);
      }
    }
  } else if (isSecretReference(value)) {
    addresses.add(value.$secretRef);
  } else if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) {
      collectAddresses(child, addresses);
    }
  }
}

async function mapJson(
  value: JsonValue,
  map: {
    reference: (address: string) => Promise<JsonValue>;
    text: (text: string) => Promise<JsonValue>;
  },
): Promise<JsonValue> {
  if (typeof value === 'string') {
    return map.text(value);
  }
  if (isSecretReference(value)) {
    return map.reference(value.$secretRef);
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map(item => mapJson(item, map)));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = await Promise.all(
      Object.entries(value).map(
        async ([key, child]) => [key, await mapJson(child, map)] as const,
      ),
    );
    return Object.fromEntries(entries) as JsonObject;
  }
  return value;
}
