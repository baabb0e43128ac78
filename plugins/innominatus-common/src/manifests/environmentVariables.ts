import { JsonObject } from '../json';
import { compareText, sortedEntries } from './compact';
import { escapeExpansion } from './expansion';
import { RenderContext } from './RenderContext';
import { splitAtMarkers, TextPart } from './SecretKeys';
import { shortHash } from './shortHash';

/** What every version of Kubernetes takes as the name of a variable. */
const VARIABLE_NAME = /^[A-Za-z_.-][A-Za-z0-9_.-]*$/;

/**
 * The variables of a container, sorted by name.
 *
 * @remarks
 * A value that is one secret refers to the workload's Secret. A text around
 * secrets gets a helper variable for each of them, which come first, because
 * the kubelet only expands variables that were defined before.
 */
export function renderVariables(
  container: string,
  context: RenderContext,
): JsonObject[] {
  const { variables } = context.options.workload.containers[container];
  const helpers = new Map<string, JsonObject>();
  const rendered: JsonObject[] = [];
  for (const [name, template] of sortedEntries(variables)) {
    const path = ['containers', container, 'variables', name];
    if (!VARIABLE_NAME.test(name)) {
      context.problems.warning({
        code: 'MANIFEST_VARIABLE_NAME',
        message: `The variable "${name}" of container "${container}" has a name that not every cluster accepts.`,
        path,
        suggestions: [
          'Use letters, digits, "_", "-" and ".", and no digit in front.',
        ],
      });
    }
    const parts = splitAtMarkers(context.texts.text(template, path));
    if (parts.length === 1 && 'marker' in parts[0]) {
      rendered.push(secretVariable(name, parts[0].marker, context));
      continue;
    }
    const value = parts
      .map((part, i) => {
        if ('text' in part) {
          return escapeExpansion(part.text, parts[i + 1] && '$');
        }
        const helper = helperName(part, variables);
        helpers.set(helper, secretVariable(helper, part.marker, context));
        return `$(${helper})`;
      })
      .join('');
    rendered.push({ name, value });
  }
  const first = [...helpers]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, variable]) => variable);
  return [...first, ...rendered];
}

function secretVariable(
  name: string,
  marker: string,
  context: RenderContext,
): JsonObject {
  return {
    name,
    valueFrom: {
      secretKeyRef: {
        name: context.secretName,
        key: context.secretKeys.use(marker),
      },
    },
  };
}

function helperName(
  part: Extract<TextPart, { marker: string }>,
  variables: Record<string, string>,
): string {
  let name = `__SECRET_${shortHash([part.marker])}`;
  while (Object.hasOwn(variables, name)) {
    name = `_${name}`;
  }
  return name;
}
