import { z } from 'zod';

/** Keys a schema knows, and whether it takes others too. */
export interface SchemaKeys {
  keys: Set<string>;
  open: boolean;
}

/** The parts of a definition that are looked at, over all kinds of schemas. */
interface SchemaDefinition {
  type: string;
  shape?: Record<string, unknown>;
  catchall?: { def: { type: string } };
  in?: z.ZodType;
  innerType?: z.ZodType;
  options?: z.ZodType[];
  left?: z.ZodType;
  right?: z.ZodType;
}

/** Answers `undefined` when the schema is not about an object with named keys. */
export function schemaKeys(schema: z.ZodType): SchemaKeys | undefined {
  const definition = schema.def as SchemaDefinition;
  switch (definition.type) {
    case 'object':
      return {
        keys: new Set(Object.keys(definition.shape ?? {})),
        open:
          definition.catchall !== undefined &&
          definition.catchall.def.type !== 'never',
      };
    case 'pipe':
      return definition.in && schemaKeys(definition.in);
    case 'union':
      return merge(definition.options ?? []);
    case 'intersection':
      return merge(
        [definition.left, definition.right].filter(side => side !== undefined),
      );
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return definition.innerType && schemaKeys(definition.innerType);
    default:
      return undefined;
  }
}

function merge(schemas: z.ZodType[]): SchemaKeys | undefined {
  const parts = schemas.map(schemaKeys);
  const known = parts.filter(part => part !== undefined);
  if (known.length === 0) {
    return undefined;
  }
  return {
    keys: new Set(known.flatMap(part => [...part.keys])),
    open: known.length < parts.length || known.some(part => part.open),
  };
}
