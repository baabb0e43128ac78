import { InputError } from '@backstage/errors';
import {
  GenerateOptions,
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import { readBody } from '../http/readBody';
import { fileSourcesSchema } from './fileSourcesSchema';

const json: z.ZodType<JsonValue> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const specShape = {
  score: z.string(),
  file: z.string().max(255).optional(),
  sources: fileSourcesSchema.optional(),
};

const schema = z.strictObject({
  // One spec, said right here, or several.
  ...specShape,
  score: specShape.score.optional(),
  specs: z.array(z.strictObject(specShape)).min(1).max(50).optional(),
  environment: z.string().max(63).optional(),
  namespace: z.string().max(63).optional(),
  generateNamespace: z.boolean().optional(),
  image: z.string().max(1024).optional(),
  overrides: jsonObject.optional(),
  overrideProperties: z.array(z.string().max(4096)).max(100).optional(),
  outputs: jsonObject.optional(),
});

/** Reads the body of `POST /score/generate`. */
export function readGenerateRequest(
  body: unknown,
  defaultFile: string,
): GenerateOptions {
  const { specs, score, file, sources, ...rest } = readBody(schema, body);
  if ((score === undefined) === (specs === undefined)) {
    throw new InputError(
      'Say what is to be generated: expected one of "score" and "specs".',
    );
  }
  return {
    ...rest,
    specs: specs ?? [
      { score: score ?? '', file: file ?? defaultFile, sources },
    ],
  };
}
