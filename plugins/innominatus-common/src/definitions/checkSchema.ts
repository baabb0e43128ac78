import { z } from 'zod';
import { toJsonPointer } from '../diagnostics';
import { Report } from '../workflow/compile/report';

/**
 * Checks a document and reports what is wrong. Answers the value only when
 * nothing is.
 */
export function checkSchema<TSchema extends z.ZodType>(options: {
  schema: TSchema;
  value: unknown;
  report: Report;
}): z.output<TSchema> | undefined {
  const { schema, value, report } = options;
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  for (const issue of result.error.issues) {
    reportIssue({ issue, schema, value, report });
  }
  return undefined;
}

interface ReportIssueOptions {
  issue: z.core.$ZodIssue;
  schema: z.ZodType;
  value: unknown;
  report: Report;
}

function reportIssue(options: ReportIssueOptions): void {
  const { issue, schema, value, report } = options;
  const pointer = toJsonPointer(issue.path);
  const where =
    issue.path.length > 0 ? `"${issue.path.join('.')}"` : 'the document';
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      report.unknownKey({
        pointer: `${pointer}${toJsonPointer([key])}`,
        key,
        place: where,
        known: knownKeys(schema, issue.path),
      });
    }
    return;
  }
  if (
    issue.code === 'invalid_type' &&
    valueAt(value, issue.path) === undefined
  ) {
    report.error(
      'DEFINITION_MISSING_KEY',
      toJsonPointer(issue.path.slice(0, -1)),
      `The key ${where} is missing. Expected ${issue.expected}.`,
    );
    return;
  }
  report.error(
    'DEFINITION_INVALID_VALUE',
    pointer,
    `The value of ${where} is not right: ${issue.message}.`,
  );
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) {
      return undefined;
    }
    current = (current as Record<PropertyKey, unknown>)[part];
  }
  return current;
}

function knownKeys(schema: z.ZodType, path: PropertyKey[]): string[] {
  let schemas: z.ZodType[] = [schema];
  for (const part of path) {
    schemas = schemas.flatMap(unwrap).flatMap(item => child(item, part));
  }
  const keys = schemas
    .flatMap(unwrap)
    .flatMap(item =>
      item instanceof z.ZodObject ? Object.keys(item.shape) : [],
    );
  return [...new Set(keys)];
}

function unwrap(schema: z.ZodType): z.ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap(option => unwrap(option as z.ZodType));
  }
  return [schema];
}

function child(schema: z.ZodType, part: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const key = String(part);
    return Object.hasOwn(schema.shape, key)
      ? [schema.shape[key] as z.ZodType]
      : [];
  }
  if (schema instanceof z.ZodArray) {
    return [schema.element as z.ZodType];
  }
  return [];
}
