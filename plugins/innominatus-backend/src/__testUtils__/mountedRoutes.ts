import { Handler } from 'express';

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  regexp: RegExp & { fast_slash?: boolean };
  handle: Handler & { stack?: Layer[] };
}

/**
 * The routes of an Express router as `GET /runs/{id}`. Routers below it count
 * where they are mounted.
 */
export function mountedRoutes(handler: Handler): string[] {
  return routesBelow((handler as Layer['handle']).stack ?? [], '').sort();
}

function routesBelow(stack: Layer[], prefix: string): string[] {
  return stack.flatMap(layer => {
    if (layer.route) {
      const path = layer.route.path.replace(/:(\w+)/g, '{$1}');
      return Object.keys(layer.route.methods).map(
        method => `${method.toUpperCase()} ${prefix}${path}`,
      );
    }
    return routesBelow(
      layer.handle.stack ?? [],
      `${prefix}${mountPathOf(layer)}`,
    );
  });
}

/** Express keeps only the expression it made of the path. */
function mountPathOf(layer: Layer): string {
  if (layer.regexp.fast_slash) {
    return '';
  }
  const [, path] =
    /^\^\\?(\/[^?]*?)\\\/\?\(\?=/.exec(layer.regexp.source) ?? [];
  if (path === undefined) {
    throw new Error(`The mount path of ${layer.regexp} cannot be told`);
  }
  return path.replace(/\\/g, '');
}
