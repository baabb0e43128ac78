import { toJsonPointer } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { WorkflowDocument } from '../workflow/compile/readWorkflowDocuments';
import { Report } from '../workflow/compile/report';
import { parseTemplate, walkStrings } from '../workflow/references';
import { checkLife } from './checkLife';
import { checkManagement } from './checkManagement';
import { checkSchema } from './checkSchema';
import { providerSchema } from './schemas';
import { TEMPLATE_ROOTS } from './template';
import {
  LoadedProvider,
  ProviderOperation,
  ProviderResourceType,
  RESOURCE_OPERATIONS,
} from './types';

export function readProvider(
  document: WorkflowDocument,
  report: Report,
): LoadedProvider | undefined {
  const value = checkSchema({
    schema: providerSchema,
    value: document.value,
    report,
  });
  if (!value) {
    return undefined;
  }
  const { metadata, spec } = value;
  const resourceTypes = spec.resourceTypes.map(
    ({ values, operations, ...rest }): ProviderResourceType => {
      const withDefault = (operation?: ProviderOperation): ProviderOperation =>
        operation?.workflow || operation?.values ? operation : { values };
      const create = withDefault(operations.create);
      return {
        ...rest,
        manifests: rest.manifests as JsonObject[],
        operations: {
          create,
          // What can make a thing twice under one name can also change it.
          update: operations.update ? withDefault(operations.update) : create,
          delete: operations.delete ?? {},
          read: operations.read ?? {},
        },
      };
    },
  );
  resourceTypes.forEach((resourceType, index) =>
    checkResourceType(resourceType, {
      report,
      pointer: toJsonPointer(['spec', 'resourceTypes', index]),
    }),
  );
  if (report.failed) {
    return undefined;
  }
  return {
    ...metadata,
    compatibility: spec.compatibility,
    resourceTypes,
    source: document.file,
    document,
    line: document.locate('', 'key')?.line ?? 1,
  };
}

interface Place {
  report: Report;
  pointer: string;
}

function checkResourceType(
  resourceType: ProviderResourceType,
  place: Place,
): void {
  const { report, pointer } = place;
  const names = new Set<string>();
  resourceType.outputs.forEach((output, index) => {
    if (names.has(output.name)) {
      report.error(
        'DEFINITION_DUPLICATE',
        `${pointer}/outputs/${index}/name`,
        `The output "${output.name}" is declared twice. Remove one.`,
      );
    }
    names.add(output.name);
  });
  checkLife(resourceType, place);
  checkManagement(resourceType, place);
  const seen = new Set<JsonObject>();
  for (const operation of RESOURCE_OPERATIONS) {
    const { workflow, values } = resourceType.operations[operation];
    if (workflow && values) {
      report.error(
        'DEFINITION_INVALID_VALUE',
        `${pointer}/operations/${operation}`,
        `The operation "${operation}" has both "workflow" and "values". Expected one of them.`,
      );
    }
    // The same values may serve several operations; one message is enough.
    if (operation !== 'delete' && values && !seen.has(values)) {
      seen.add(values);
      checkValues(resourceType, values, place);
    }
  }
  const { create } = resourceType.operations;
  if (!create.workflow && !create.values && resourceType.outputs.length > 0) {
    report.error(
      'PROVIDER_OUTPUT_MISSING',
      pointer,
      `The resource type "${resourceType.type}" declares outputs, but nothing gives them. Add "operations.create.workflow" or "values".`,
    );
  }
  checkTemplates(
    resourceType.hints.map(hint => ({ value: hint.value })),
    { report, pointer: `${pointer}/hints` },
  );
  checkTemplates(resourceType.manifests, {
    report,
    pointer: `${pointer}/manifests`,
  });
}

function checkValues(
  resourceType: ProviderResourceType,
  values: JsonObject,
  place: Place,
): void {
  for (const output of resourceType.outputs) {
    if (!Object.hasOwn(values, output.name)) {
      place.report.error(
        'PROVIDER_OUTPUT_MISSING',
        place.pointer,
        `The resource type "${resourceType.type}" declares the output "${output.name}", but "values" does not give it. Add it there.`,
      );
    }
  }
  checkTemplates(values, {
    report: place.report,
    pointer: `${place.pointer}/values`,
  });
}

function checkTemplates(value: JsonValue, place: Place): void {
  walkStrings(value, place.pointer, (text, pointer) => {
    for (const part of parseTemplate(text)) {
      if (part.kind === 'broken') {
        place.report.error('TEMPLATE_INVALID', pointer, part.problem);
      } else if (
        part.kind === 'reference' &&
        !TEMPLATE_ROOTS.includes(part.reference.path[0])
      ) {
        place.report.error(
          'TEMPLATE_UNKNOWN_REFERENCE',
          pointer,
          `The reference "${part.reference.raw}" begins with an unknown word. Expected one of ${TEMPLATE_ROOTS.join(', ')}; write "$$" for a plain "$".`,
        );
      }
    }
  });
}
