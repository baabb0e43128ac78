import { Config } from '@backstage/config';

/**
 * Reads which step types may be used: `innominatus.stepTypes.allow` names the
 * only ones, `innominatus.stepTypes.deny` leaves some out and wins.
 */
export function readStepTypeRules(config: Config): (name: string) => boolean {
  const allow = config.getOptionalStringArray('innominatus.stepTypes.allow');
  const deny =
    config.getOptionalStringArray('innominatus.stepTypes.deny') ?? [];
  return name =>
    !deny.includes(name) && (allow === undefined || allow.includes(name));
}
