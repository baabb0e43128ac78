import { joinJsonPointer } from '../../diagnostics';
import { JsonValue } from '../../json';
import { parsePriority } from '../priority';
import { parseTemplate } from '../references';
import { WorkflowConcurrency, WorkflowDefinition } from '../types';
import { Report } from './report';
import { isObject, Shape } from './shape';

/** What is known before the first step, which is when a run is put in line. */
const KNOWN_ROOTS = ['app', 'environment', 'metadata', 'params', 'workflow'];
const CONCURRENCY_KEYS = ['group', 'limit'];
const MOST_RUNS = 1000;

/** When a run may begin: `priority` and `concurrency`. */
export function readOrder(
  shape: Shape,
  report: Report,
): Pick<WorkflowDefinition, 'priority' | 'concurrency'> {
  const priority = readPriority(shape, report);
  const concurrency = readConcurrency(shape, report);
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

function readPriority(shape: Shape, report: Report): number | undefined {
  const found = shape.spec.get('priority');
  if (found === undefined || found.value === null) {
    return undefined;
  }
  const priority = parsePriority(found.value);
  if (priority === undefined) {
    report.error(
      'WORKFLOW_PRIORITY',
      found.pointer,
      `The priority ${JSON.stringify(found.value)} is not known.`,
      ['Write a whole number from -100 to 100, or "low", "normal" or "high".'],
    );
  }
  return priority;
}

function readConcurrency(
  shape: Shape,
  report: Report,
): WorkflowConcurrency | undefined {
  const found = shape.spec.get('concurrency');
  if (found === undefined || found.value === null) {
    return undefined;
  }
  const { pointer, value } = found;
  const name =
    typeof shape.metadata.name === 'string' ? shape.metadata.name : '';
  if (typeof value === 'number') {
    // The short form: so many runs of this workflow.
    const limit = readLimit(value, pointer, report);
    return limit === undefined ? undefined : { group: name, limit };
  }
  if (!isObject(value)) {
    report.error(
      'WORKFLOW_INVALID',
      pointer,
      '"concurrency" must be a number of runs, or an object with "group" and "limit".',
    );
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!CONCURRENCY_KEYS.includes(key)) {
      report.unknownKey({
        pointer: joinJsonPointer(pointer, key),
        key,
        place: '"concurrency"',
        known: CONCURRENCY_KEYS,
      });
    }
  }
  const limit = readLimit(value.limit ?? 1, `${pointer}/limit`, report);
  const group = readGroup(value.group ?? name, `${pointer}/group`, report);
  return limit === undefined || group === undefined
    ? undefined
    : { group, limit };
}

function readLimit(
  value: JsonValue,
  pointer: string,
  report: Report,
): number | undefined {
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value > 0 &&
    value <= MOST_RUNS
  ) {
    return value;
  }
  report.error(
    'WORKFLOW_CONCURRENCY',
    pointer,
    `The limit ${JSON.stringify(value)} is not a whole number from 1 to ${MOST_RUNS}.`,
  );
  return undefined;
}

function readGroup(
  value: JsonValue,
  pointer: string,
  report: Report,
): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') {
    report.error(
      'WORKFLOW_CONCURRENCY',
      pointer,
      '"group" must be a text that names what the runs share, for example "env/${environment.name}".',
    );
    return undefined;
  }
  let isGood = true;
  for (const part of parseTemplate(value)) {
    if (part.kind === 'broken') {
      report.error('WORKFLOW_REFERENCE', pointer, part.problem);
      isGood = false;
    } else if (
      part.kind === 'reference' &&
      !KNOWN_ROOTS.includes(part.reference.path[0])
    ) {
      report.error(
        'WORKFLOW_CONCURRENCY',
        pointer,
        `The reference "${part.reference.raw}" has no value before the run begins.`,
        [
          `References in "group" start with ${KNOWN_ROOTS.map(root => `"${root}"`).join(', ')}.`,
        ],
      );
      isGood = false;
    }
  }
  return isGood ? value : undefined;
}
