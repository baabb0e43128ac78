import { InputError } from '@backstage/errors';
import { Request } from 'express';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_FILTER_VALUES = 100;

export interface ListQueryOptions<
  TFilter extends string,
  TSort extends string,
> {
  /** Fields that can be filtered by; with a list, the values they may have. */
  filters: Record<TFilter, readonly string[] | undefined>;
  /** Sorts that exist, the default first. */
  sorts: readonly [TSort, ...TSort[]];
  /** Fields of an item that `fields=` can name. */
  fields?: readonly string[];
  /** Parameters of this list beyond the usual ones. */
  extra?: readonly string[];
}

export interface ListQuery<TFilter extends string, TSort extends string> {
  limit: number;
  cursor?: string;
  filter: Partial<Record<TFilter, string[]>>;
  sort: TSort;
  fields?: string[];
  count: boolean;
  extra: Record<string, string>;
}

/**
 * The query of a request as name and value. Read from the URL itself: what
 * Express makes of brackets depends on a setting of the app.
 */
function queryOf(request: Request): URLSearchParams {
  return new URL(request.originalUrl, 'http://localhost').searchParams;
}

/** Throws `InputError` for parameters that are unknown or given twice. */
export function readQuery(
  request: Request,
  known: readonly string[],
): Map<string, string> {
  const result = new Map<string, string>();
  for (const [name, value] of queryOf(request)) {
    if (!known.includes(name)) {
      throw new InputError(
        `The parameter "${name}" is not known. ${
          known.length > 0
            ? `Known are: ${known.map(one => `"${one}"`).join(', ')}.`
            : 'This route takes none.'
        }`,
      );
    }
    if (result.has(name)) {
      throw new InputError(
        `The parameter "${name}" is given twice. Give it once, with its values separated by commas.`,
      );
    }
    result.set(name, value);
  }
  return result;
}

/** Reads the query that all lists have in common. */
export function readListQuery<TFilter extends string, TSort extends string>(
  request: Request,
  options: ListQueryOptions<TFilter, TSort>,
): ListQuery<TFilter, TSort> {
  const filterNames = Object.keys(options.filters) as TFilter[];
  const extra = options.extra ?? [];
  const query = readQuery(request, [
    'limit',
    'cursor',
    'sort',
    'count',
    ...(options.fields ? ['fields'] : []),
    ...filterNames.map(name => `filter[${name}]`),
    ...extra,
  ]);
  const filter: Partial<Record<TFilter, string[]>> = {};
  for (const name of filterNames) {
    const value = query.get(`filter[${name}]`);
    if (value !== undefined) {
      filter[name] = readValues(
        `filter[${name}]`,
        value,
        options.filters[name],
      );
    }
  }
  const fields = query.get('fields');
  return {
    limit:
      readInteger(query, 'limit', { min: 1, max: MAX_LIMIT }) ?? DEFAULT_LIMIT,
    cursor: query.get('cursor') || undefined,
    filter,
    sort: readSort(query.get('sort'), options.sorts),
    fields:
      fields === undefined
        ? undefined
        : readValues('fields', fields, options.fields),
    count: readBoolean(query, 'count'),
    extra: Object.fromEntries(
      extra.flatMap(name => {
        const value = query.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

export function readInteger(
  query: Map<string, string>,
  name: string,
  range: { min: number; max: number },
): number | undefined {
  const text = query.get(name);
  if (text === undefined) {
    return undefined;
  }
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(value >= range.min && value <= range.max)) {
    throw new InputError(
      `The parameter "${name}" is "${text}", expected a whole number from ${range.min} to ${range.max}.`,
    );
  }
  return value;
}

function readBoolean(query: Map<string, string>, name: string): boolean {
  const text = query.get(name);
  if (text === undefined || text === 'false') {
    return false;
  }
  if (text === 'true') {
    return true;
  }
  throw new InputError(
    `The parameter "${name}" is "${text}", expected "true" or "false".`,
  );
}

/** Keeps the named fields of an item. */
export function pickFields<T extends object>(
  item: T,
  fields: string[] | undefined,
): Partial<T> {
  return fields
    ? (Object.fromEntries(
        Object.entries(item).filter(([name]) => fields.includes(name)),
      ) as Partial<T>)
    : item;
}

function readValues(
  name: string,
  text: string,
  allowed: readonly string[] | undefined,
): string[] {
  const values = text
    .split(',')
    .map(value => value.trim())
    .filter(value => value !== '');
  if (values.length > MAX_FILTER_VALUES) {
    throw new InputError(
      `The parameter "${name}" has ${values.length} values, at most ${MAX_FILTER_VALUES} are allowed.`,
    );
  }
  const wrong = allowed && values.find(value => !allowed.includes(value));
  if (allowed && wrong !== undefined) {
    throw new InputError(
      `The parameter "${name}" has the value "${wrong}". Known are: ${allowed.map(one => `"${one}"`).join(', ')}.`,
    );
  }
  return values;
}

function readSort<TSort extends string>(
  text: string | undefined,
  sorts: readonly [TSort, ...TSort[]],
): TSort {
  if (text === undefined) {
    return sorts[0];
  }
  const sort = sorts.find(one => one === text);
  if (!sort) {
    throw new InputError(
      `The parameter "sort" is "${text}". Known are: ${sorts.map(one => `"${one}"`).join(', ')}.`,
    );
  }
  return sort;
}
