import { JsonObject, JsonValue } from '../json';
import { isJsonMap } from './isJsonMap';

/**
 * Names the format of a document that is no Score spec, from the keys that
 * only that format has.
 */
export function detectDialect(
  document: JsonObject,
): { name: string; hint: string } | undefined {
  const apiVersion = document.apiVersion;
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  if (version.startsWith('score.')) {
    return undefined;
  }
  const kind = typeof document.kind === 'string' ? document.kind : undefined;
  if (version.startsWith('backstage.io/')) {
    return {
      name: 'a Backstage catalog entity',
      hint: 'Give the Score spec itself, which such an entity holds under "spec.score".',
    };
  }
  if (version.startsWith('innominatus.dev/')) {
    return {
      name: `an innominatus ${kind ?? 'definition'}`,
      hint: 'Put the file into one of the locations of the platform instead.',
    };
  }
  if (version !== '' && kind !== undefined) {
    return {
      name: `a Kubernetes manifest (${kind})`,
      hint: 'Describe the containers in a Score spec; manifests are made from it.',
    };
  }
  if (apiVersion !== undefined || document.containers !== undefined) {
    return undefined;
  }
  if (isJsonMap(document.services) && holdsImages(document.services)) {
    return {
      name: 'a Docker Compose file',
      hint: 'Write each service as an entry of "containers" in a Score spec of its own.',
    };
  }
  if (document.jobs !== undefined && document.on !== undefined) {
    return {
      name: 'a GitHub Actions workflow',
      hint: 'Give the path of the Score spec, usually score.yaml.',
    };
  }
  if (document.openapi !== undefined || document.swagger !== undefined) {
    return {
      name: 'an OpenAPI description',
      hint: 'Give the path of the Score spec, usually score.yaml.',
    };
  }
  return undefined;
}

function holdsImages(services: JsonObject): boolean {
  return Object.values(services).some(
    (service: JsonValue) =>
      isJsonMap(service) &&
      (service.image !== undefined || service.build !== undefined),
  );
}
