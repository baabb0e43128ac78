import { joinJsonPointer, nearestNames, toJsonPointer } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import {
  createPlaceholderResolver,
  findPlaceholders,
  Placeholder,
  PlaceholderError,
} from './placeholders';
import { describePointer, ScoreReporter } from './ScoreProblem';
import { ScoreContainer, ScoreDocument } from './workload';

const PLAIN_PART = /^[a-zA-Z0-9_-]+$/;
// Only an escaped dot makes room for the other characters of annotation keys.
const ESCAPED_PART = /^[a-zA-Z0-9_/-]+(\\\.[a-zA-Z0-9_/-]+)+$/;

/**
 * Checks every placeholder in the places where Score replaces them, and
 * warns of placeholders in places where it does not.
 */
export function checkPlaceholders(
  document: ScoreDocument,
  reporter: ScoreReporter,
): void {
  const check = (text: string, pointer: string) => {
    for (const placeholder of findPlaceholders(text)) {
      if (reporter.full) {
        return;
      }
      checkPlaceholder(placeholder, { document, reporter, pointer });
    }
  };
  for (const [name, container] of Object.entries(document.containers)) {
    const path = toJsonPointer(['containers', name]);
    for (const [key, value] of Object.entries(container.variables ?? {})) {
      check(value, joinJsonPointer(path, 'variables', key));
    }
    for (const [target, file] of Object.entries(container.files ?? {})) {
      if (file.content !== undefined && file.noExpand !== true) {
        check(file.content, joinJsonPointer(path, 'files', target, 'content'));
      }
    }
    for (const [target, volume] of Object.entries(container.volumes ?? {})) {
      check(volume.source, joinJsonPointer(path, 'volumes', target, 'source'));
    }
    warnOfLiterals(container, path, reporter);
  }
  for (const [name, resource] of Object.entries(document.resources ?? {})) {
    visitStrings(
      resource.params ?? {},
      toJsonPointer(['resources', name, 'params']),
      check,
    );
  }
}

type Context = {
  document: ScoreDocument;
  reporter: ScoreReporter;
  pointer: string;
};

function checkPlaceholder(placeholder: Placeholder, context: Context): void {
  const { document, reporter, pointer } = context;
  const { raw, ref, parts } = placeholder;
  const written = ref.split(/(?<!\\)\./);
  if (
    written.length < 2 ||
    !written.every(part => PLAIN_PART.test(part) || ESCAPED_PART.test(part))
  ) {
    reporter.add({
      code: 'SCORE_PLACEHOLDER_MALFORMED',
      message: `placeholder ${raw} is malformed: expected \${metadata.KEY} or \${resources.NAME.OUTPUT}`,
      pointer,
      suggestions: [
        `Write $${raw} if the text itself is meant.`,
        'Write a reference such as ${resources.db.host}.',
      ],
    });
    return;
  }
  const [root, name] = parts;
  if (root === 'resources') {
    const resources = document.resources ?? {};
    if (!Object.hasOwn(resources, name)) {
      reporter.add({
        code: 'SCORE_PLACEHOLDER_RESOURCE',
        message: `placeholder ${raw} does not resolve to a resource, no resource with name "${name}"`,
        pointer,
        suggestions: () => [
          ...nearestNames(name, Object.keys(resources)).map(
            near => `Use "${near}".`,
          ),
          `Add "${name}" with its type to "resources".`,
        ],
      });
    }
  } else if (root === 'metadata') {
    checkMetadata(placeholder, context);
  } else {
    reporter.add({
      code: 'SCORE_PLACEHOLDER_ROOT',
      message: `placeholder ${raw} has unsupported first element of "${root}", expected "metadata" or "resources"`,
      pointer,
      suggestions: [
        ...nearestNames(root, ['metadata', 'resources']).map(
          near => `Use "${near}".`,
        ),
        `Write $${raw} if the text itself is meant.`,
      ],
    });
  }
}

function checkMetadata(
  { raw, ref, parts }: Placeholder,
  context: Context,
): void {
  const metadata = context.document.metadata as JsonObject;
  try {
    createPlaceholderResolver({ metadata, resources: {} })(ref);
  } catch (error) {
    if (!(error instanceof PlaceholderError)) {
      throw error;
    }
    context.reporter.add({
      code: 'SCORE_PLACEHOLDER_METADATA',
      message: `placeholder ${raw} does not resolve: ${error.message}`,
      pointer: context.pointer,
      suggestions: () => [
        ...nearestNames(parts[1], Object.keys(metadata)).map(
          near => `Use "metadata.${near}".`,
        ),
        `Add the key to "metadata".`,
      ],
    });
  }
}

function warnOfLiterals(
  container: ScoreContainer,
  path: string,
  reporter: ScoreReporter,
): void {
  const { image, command, args, livenessProbe, readinessProbe } = container;
  const places = { image, command, args, livenessProbe, readinessProbe };
  for (const [key, value] of Object.entries(places)) {
    visitStrings(
      (value ?? null) as JsonValue,
      joinJsonPointer(path, key),
      (text, pointer) => {
        const [found] = findPlaceholders(text);
        if (found && /^(resources|metadata)\./.test(found.ref)) {
          reporter.add({
            severity: 'warning',
            code: 'SCORE_PLACEHOLDER_LITERAL',
            message: `The text ${found.raw} in "${describePointer(pointer)}" stays as it is; Score replaces no placeholders there.`,
            pointer,
            suggestions: [
              key === 'image'
                ? 'Write the image out, or use image: . and give it at deploy.'
                : 'Put the value into "variables" and use the variable, for example $(NAME).',
            ],
          });
        }
      },
    );
  }
}

function visitStrings(
  value: JsonValue,
  pointer: string,
  visit: (text: string, pointer: string) => void,
): void {
  if (typeof value === 'string') {
    visit(value, pointer);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) =>
      visitStrings(item, joinJsonPointer(pointer, index), visit),
    );
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      visitStrings(item, joinJsonPointer(pointer, key), visit);
    }
  }
}
