import {
  JsonValue,
  ParameterDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { SecretStore } from '../secrets';

type Values = Record<string, JsonValue>;

/**
 * Keeps the secret parameters of a run encrypted; what is recorded of them, and
 * what steps get, are references. They go with the run.
 */
export async function keepSecretParameters(
  values: Values,
  options: {
    definitions: readonly ParameterDefinition[];
    runId: string;
    secrets: Pick<SecretStore, 'put'>;
  },
): Promise<Values> {
  const { definitions, runId, secrets } = options;
  const kept: Values = { ...values };
  for (const { name } of secretsOf(definitions, values)) {
    const value = values[name];
    const reference = await secrets.put(
      `run/${runId}/parameters/${name}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    );
    kept[name] = { ...reference };
  }
  return kept;
}

/** For rules that are asked about parameters, whose answers people read. */
export function maskSecretParameters(
  values: Values,
  definitions: readonly ParameterDefinition[],
): Values {
  return {
    ...values,
    ...Object.fromEntries(
      secretsOf(definitions, values).map(({ name }) => [name, '••••']),
    ),
  };
}

/** An empty one is no secret: golden paths ask whether there is one. */
function secretsOf(
  definitions: readonly ParameterDefinition[],
  values: Values,
): ParameterDefinition[] {
  return definitions.filter(
    ({ name, secret }) =>
      secret && Object.hasOwn(values, name) && values[name] !== '',
  );
}
