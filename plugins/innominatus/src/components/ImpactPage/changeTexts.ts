import { StepChanges } from '@innominatus/backstage-plugin-innominatus-common';
import { Text } from '../../translation';

const CHANGES = ['added', 'removed', 'changed'] as const;

/** `added backup`, `changed drop`: names of what is not as it was. */
export function changeTexts(changes: Partial<StepChanges>, t: Text): string[] {
  return CHANGES.flatMap(kind => {
    const names = changes[kind] ?? [];
    return names.length > 0
      ? t(`impact.names.${kind}`, { names: names.join(', ') })
      : [];
  });
}
