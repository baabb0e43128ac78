import { JsonObject, JsonValue } from '../json';
import { KubernetesObject, ProvidedResource } from '../manifests';
import { valueToText } from '../workflow/interpolate';
import {
  jsonSecretAddress,
  pickSecretPart,
  readSecretAddress,
} from '../workflow/secretParts';
import { readSecretToken, SECRET_TOKEN_PATTERN } from '../workflow/secretToken';

/** Names that give a secret away where nobody declares one. */
const SECRET_NAME =
  /(^|[_-])(pass(word|wd|phrase)?|pwd|secret|token|credentials?|api[_-]?key|(secret|private|access)[_-]?key)$|password|connection[_-]?string/i;

/**
 * Keeps the secret outputs of resources out of everything but the `Secret`
 * objects, as a deployment does. Here the values are at hand, and go into
 * those objects at the end.
 */
export class OfflineSecrets {
  readonly #values = new Map<string, string>();

  /** Puts references in the place of the secrets among the outputs. */
  hide(
    { uid }: Pick<ProvidedResource, 'uid'>,
    outputs: JsonObject,
    sensitive: readonly string[] = [],
  ): JsonObject {
    return Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => {
        const isSecret =
          sensitive.includes(name) ||
          (isPlain(value) && SECRET_NAME.test(name));
        if (!isSecret) {
          return [name, value];
        }
        const isText = typeof value === 'string';
        const ref = isText
          ? `${uid}/${name}`
          : jsonSecretAddress(`${uid}/${name}`);
        this.#values.set(ref, isText ? value : JSON.stringify(value));
        return [name, { $secretRef: ref }];
      }),
    );
  }

  /** Puts the values into the `Secret` objects that ask for them. */
  reveal(manifest: KubernetesObject): KubernetesObject {
    const { kind, stringData } = manifest;
    if (kind !== 'Secret' || !isMap(stringData)) {
      return manifest;
    }
    return {
      ...manifest,
      stringData: Object.fromEntries(
        Object.entries(stringData).map(([key, value]) => [
          key,
          typeof value === 'string' ? this.#fill(value) : value,
        ]),
      ),
    };
  }

  #fill(text: string): string {
    return text.replace(SECRET_TOKEN_PATTERN, marker => {
      const value = this.#valueOf(readSecretToken(marker));
      return value === undefined ? marker : valueToText(value);
    });
  }

  #valueOf(ref: string | undefined): JsonValue | undefined {
    const whole =
      ref === undefined
        ? undefined
        : this.#values.get(readSecretAddress(ref).stored);
    return ref === undefined || whole === undefined
      ? undefined
      : pickSecretPart(ref, whole);
  }
}

function isPlain(value: JsonValue): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isMap(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
