import { KubernetesObject } from '@innominatus/backstage-plugin-innominatus-common';
import Ajv, { ValidateFunction } from 'ajv';
import { OpenApiSchema } from './types';

/**
 * Makes a function that says what of an object a release does not accept.
 * Fields that are not known are among it.
 */
export function manifestValidator(
  schema: OpenApiSchema,
): (manifest: KubernetesObject) => string[] {
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajv.addSchema({ $id: 'kubernetes', definitions: schema.definitions });
  const byKind = new Map<string, ValidateFunction>(
    schema.kinds.map(name => [
      name.replace(/^(.*\.|V1)/, ''),
      ajv.compile({ $ref: `kubernetes#/definitions/${name}` }),
    ]),
  );
  return manifest => {
    const validate = byKind.get(manifest.kind);
    if (!validate) {
      return [`There is no schema of the kind ${manifest.kind}`];
    }
    validate(manifest);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${manifest.kind} ${manifest.metadata.name} ${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  };
}
