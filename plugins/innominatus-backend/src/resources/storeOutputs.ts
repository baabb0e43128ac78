import {
  JsonObject,
  JsonValue,
  ProviderResourceType,
  ProviderTemplateScope,
  ResourceHint,
  SECRET_TOKEN_PATTERN,
  fillProviderTemplate,
  findForgedSecret,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { checkOutput } from '../definitions';
import { SecretStore } from '../secrets/types';
import { keepResourceSecret } from './keepResourceSecret';

const MASK = '••••';

/**
 * Checks that everything the provider promised is there, and puts away what is
 * secret: what the provider declares sensitive, and whatever was made out of a
 * secret. The secret gets an address of the resource, because those of the run
 * go away with the run.
 */
export async function storeOutputs(options: {
  resourceId: string;
  resourceType: ProviderResourceType;
  values: Record<string, JsonValue>;
  secrets: SecretStore;
  context: Pick<StepContext<unknown>, 'resolveSecrets' | 'redact'>;
}): Promise<JsonObject> {
  const { resourceType, values, secrets, context } = options;
  const missing = resourceType.outputs.filter(
    output =>
      !Object.hasOwn(values, output.name) || values[output.name] === null,
  );
  if (missing.length > 0) {
    const names = missing.map(output => `"${output.name}"`).join(', ');
    throw new StepFailure(
      `The provider of "${resourceType.type}" declares ${names}, but its workflow gave no such output.`,
      { code: 'OUTPUT_MISSING' },
    );
  }
  await checkSchemas(options);
  const sensitive = new Set(
    resourceType.outputs
      .filter(output => output.sensitive)
      .map(output => output.name),
  );
  const outputs: Array<[string, JsonValue]> = [];
  for (const [name, value] of Object.entries(values)) {
    if (!sensitive.has(name) && findForgedSecret(value) === undefined) {
      outputs.push([name, value]);
      continue;
    }
    const reference = await keepResourceSecret({
      secrets,
      resourceId: options.resourceId,
      output: name,
      value: await context.resolveSecrets(value),
      redact: text => context.redact(text),
    });
    outputs.push([name, reference]);
  }
  return Object.fromEntries(outputs);
}

async function checkSchemas({
  resourceType,
  values,
  context,
}: Parameters<typeof storeOutputs>[0]): Promise<void> {
  for (const { name, schema } of resourceType.outputs) {
    const findings = schema
      ? checkOutput(schema, await context.resolveSecrets(values[name]))
      : [];
    if (findings.length > 0) {
      throw new StepFailure(
        `The output "${name}" of "${resourceType.type}" is not what its provider declares: ${findings.join('; ')}.`,
        { code: 'OUTPUT_INVALID' },
      );
    }
  }
}

/** Hints with their values filled in; secrets in them are masked. */
export function fillHints(
  resourceType: ProviderResourceType,
  scope: ProviderTemplateScope,
): ResourceHint[] {
  return resourceType.hints.map(hint => {
    const value = fillProviderTemplate(`${hint.value}`, scope);
    const text =
      findForgedSecret(value) === undefined
        ? toText(value)
        : toText(value).replace(SECRET_TOKEN_PATTERN, MASK);
    return { ...hint, value: text.includes('$secretRef') ? MASK : text };
  });
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
