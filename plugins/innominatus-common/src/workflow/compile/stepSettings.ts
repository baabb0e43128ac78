import { JsonObject, JsonValue } from '../../json';
import { StepSettings } from '../definition';
import { isTemplate } from '../references';
import { isObject } from './shape';

/**
 * Takes the settings out that have references: they get their values when a
 * run begins. The rest is read as it is written.
 *
 * @param most - Longest timeout of a step in milliseconds.
 */
export function readStepSettings(
  value: JsonObject,
  most: number | undefined,
): { settings?: StepSettings; written: JsonObject } {
  const settings: StepSettings = {};
  const written = { ...value };
  if (hasReference(value.timeout)) {
    settings.timeout = value.timeout;
    if (most !== undefined) {
      settings.maxTimeoutMs = most;
    }
    delete written.timeout;
  }
  const { retry } = value;
  if (hasReference(retry)) {
    settings.attempts = retry;
    delete written.retry;
  } else if (isObject(retry) && hasReference(retry.attempts)) {
    settings.attempts = retry.attempts;
    const { attempts: _text, ...rest } = retry;
    written.retry = rest;
  }
  return Object.keys(settings).length > 0 ? { settings, written } : { written };
}

function hasReference(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && isTemplate(value);
}
