import { Config } from '@backstage/config';
import { EMBEDDED, RUNTIME_MODULES } from './types';

const KEY = 'innominatus.engine.type';

/** Reads which runtime new runs get. It has to be installed. */
export function readRuntimeType(config: Config, installed: string[]): string {
  const type = config.getOptionalString(KEY) ?? EMBEDDED;
  if (type === EMBEDDED || installed.includes(type)) {
    return type;
  }
  const known = [EMBEDDED, ...installed].map(name => `"${name}"`).join(', ');
  const next = Object.hasOwn(RUNTIME_MODULES, type)
    ? ` Install the backend module "${RUNTIME_MODULES[type]}", which brings it.`
    : '';
  throw new Error(
    `The value of "${KEY}" is "${type}", expected one of the installed runtimes: ${known}.${next}`,
  );
}
