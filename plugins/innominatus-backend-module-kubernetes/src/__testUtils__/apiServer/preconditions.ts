import { StatusError } from './StatusError';
import { Json } from './typedObject';

export function requireSamePlace(key: string, { metadata }: Json): void {
  const [, namespace, place] = key.split('|');
  const name = place.slice(place.indexOf('/') + 1);
  if (metadata.name !== name) {
    throw new StatusError(
      400,
      'BadRequest',
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw new StatusError(
      400,
      'BadRequest',
      `the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`,
    );
  }
}

export function requireVersion(
  key: string,
  current: Json,
  wanted: string | undefined,
): void {
  if (wanted !== undefined && wanted !== current.metadata.resourceVersion) {
    throw new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${key.split('|')[2].replace('/', ' "')}": the object has been modified; please apply your changes to the latest version and try again`,
    );
  }
}
