import {
  JsonObject,
  JsonValue,
  containsSecretToken,
  isSecretReference,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { HttpAnswer } from './httpRequest';

/** The JSON of an answer; `place` is what asks for it. */
export function readAnswer(answer: HttpAnswer, place: string): JsonValue {
  try {
    return JSON.parse(answer.body);
  } catch {
    throw new StepFailure(
      `The answer of ${answer.address} is not JSON, so "${place}" cannot be read from it.`,
      { code: 'HTTP_BODY_INVALID' },
    );
  }
}

/** Output name to what stands at a path of the answer. */
export function readOutputs(
  answer: HttpAnswer,
  paths: Record<string, string>,
  place: string,
): Record<string, JsonValue> {
  if (Object.keys(paths).length === 0) {
    return {};
  }
  const body = readAnswer(answer, place);
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => {
      const value = valueAt(body, path);
      if (value === undefined) {
        throw new StepFailure(
          `The answer of ${answer.address} has no value at "${path}", which "${place}.${name}" asks for.`,
          { code: 'HTTP_OUTPUT_MISSING' },
        );
      }
      refuseSecretReference(value, path);
      return [name, value];
    }),
  );
}

export function valueAt(body: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = body;
  for (const key of path.replace(/^\$?\.?/, '').split('.')) {
    if (key === '') {
      continue;
    }
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as JsonObject)[key]
        : undefined;
  }
  return value;
}

/** Whoever could hand in a reference could have any secret put in for it. */
function refuseSecretReference(value: JsonValue, path: string): void {
  if (
    isSecretReference(value) ||
    (typeof value === 'string' && containsSecretToken(value))
  ) {
    throw new StepFailure(
      `The value at "${path}" of the answer looks like a reference to a secret, which an answer cannot make.`,
      { code: 'HTTP_BODY_INVALID' },
    );
  }
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) {
      refuseSecretReference(child, path);
    }
  }
}
