import { isSecretReference, JsonValue } from '../json';
import {
  createPlaceholderResolver,
  PlaceholderError,
  PlaceholderResolver,
  substitute,
  toPlaceholderText,
} from '../score/placeholders';
import { secretToken } from '../workflow/secretToken';
import { Problems } from './problems';
import { KNOWN_AFTER_APPLY, RenderWorkloadOptions } from './types';

/** Fills in the placeholders of a workload; secrets become markers. */
export class TextResolver {
  readonly #problems: Problems;
  readonly #resolve: PlaceholderResolver;

  constructor(options: RenderWorkloadOptions, problems: Problems) {
    this.#problems = problems;
    const { workload, resources } = options;
    this.#resolve = createPlaceholderResolver({
      metadata: workload.metadata,
      resources: Object.fromEntries(
        Object.keys(workload.resources).map(name => [
          name,
          (Object.hasOwn(resources, name) && resources[name].outputs) ||
            (() => KNOWN_AFTER_APPLY),
        ]),
      ),
    });
  }

  /** A placeholder without a value becomes an error, and stays as written. */
  text(template: string, path: string[]): string {
    try {
      return substitute(template, ref =>
        toPlaceholderText(secretsToMarkers(this.#resolve(ref))),
      );
    } catch (error) {
      if (!(error instanceof PlaceholderError)) {
        throw error;
      }
      this.#problems.error({
        code: 'MANIFEST_PLACEHOLDER',
        message: `The placeholder "\${${error.ref}}" has no value: ${error.message}.`,
        path,
        suggestions: [
          'Check the name of the resource and the outputs that its provider declares.',
          'Write "$$" where a literal "$" is meant.',
        ],
      });
      return template;
    }
  }
}

/** Replaces every secret reference inside a value by its marker. */
export function secretsToMarkers(value: JsonValue): JsonValue {
  if (isSecretReference(value)) {
    return secretToken(value.$secretRef);
  }
  if (Array.isArray(value)) {
    return value.map(secretsToMarkers);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, secretsToMarkers(item)]),
    );
  }
  return value;
}
