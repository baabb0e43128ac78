import {
  JsonValue,
  PlannedResource,
  ProviderResourceType,
  Workload,
  findPlaceholders,
  joinJsonPointer,
  nearestNames,
  toJsonPointer,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ScorePlaces } from './ScorePlaces';

/**
 * Reports placeholders for outputs that a resource will not have, so that the
 * plan says it and not the run, when half of the resources exist.
 *
 * @remarks
 * Providers that declare no outputs may have any.
 */
export function checkOutputs(options: {
  workload: Workload;
  resources: Array<{
    planned: Pick<PlannedResource, 'name'>;
    match: { resourceType: Pick<ProviderResourceType, 'outputs'> };
  }>;
  places: ScorePlaces;
}): void {
  const { workload, places } = options;
  const outputs = new Map(
    options.resources.map(({ planned, match }) => [
      planned.name,
      match.resourceType.outputs.map(output => output.name),
    ]),
  );
  for (const { text, pointer } of textsOf(workload)) {
    for (const { raw, parts } of findPlaceholders(text)) {
      const [root, name, output] = parts;
      const known = root === 'resources' ? outputs.get(name) : undefined;
      if (!known?.length || output === undefined || known.includes(output)) {
        continue;
      }
      const { type } = workload.resources[name];
      const nearest = nearestNames(output, known, 1).map(
        other => `Write \${resources.${name}.${other}}.`,
      );
      places.error({
        code: 'RESOURCE_OUTPUT_UNKNOWN',
        message: `The placeholder ${raw} asks for the output "${output}", which resources of the type "${type}" do not have here. They have: ${known.join(', ')}.`,
        pointer,
        suggestions: nearest,
      });
    }
  }
}

/** Every text of the workload in which Score replaces placeholders. */
function* textsOf(
  workload: Workload,
): Generator<{ text: string; pointer: string }> {
  for (const [name, container] of Object.entries(workload.containers)) {
    const path = toJsonPointer(['containers', name]);
    for (const [key, text] of Object.entries(container.variables)) {
      yield { text, pointer: joinJsonPointer(path, 'variables', key) };
    }
    for (const [target, file] of Object.entries(container.files)) {
      if (file.content !== undefined && !file.noExpand) {
        const pointer = joinJsonPointer(path, 'files', target, 'content');
        yield { text: file.content, pointer };
      }
    }
    for (const [target, volume] of Object.entries(container.volumes)) {
      const pointer = joinJsonPointer(path, 'volumes', target, 'source');
      yield { text: volume.source, pointer };
    }
  }
  for (const [name, { params }] of Object.entries(workload.resources)) {
    yield* textsIn(params, toJsonPointer(['resources', name, 'params']));
  }
}

function* textsIn(
  value: JsonValue,
  pointer: string,
): Generator<{ text: string; pointer: string }> {
  if (typeof value === 'string') {
    yield { text: value, pointer };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      yield* textsIn(child, joinJsonPointer(pointer, key));
    }
  }
}
