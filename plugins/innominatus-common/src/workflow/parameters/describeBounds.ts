import { formatDuration } from '../duration';
import { ParameterDefinition } from './types';

const NOUNS: Partial<Record<ParameterDefinition['type'], string>> = {
  string: ' characters',
  list: ' texts',
};

/**
 * The bounds of a parameter for a person, for example `from 1h to 14d` or
 * `from 3 to 20 characters`. Empty when it has none.
 *
 * @public
 */
export function describeBounds(
  parameter: Pick<ParameterDefinition, 'type' | 'min' | 'max'>,
): string {
  const { type, min, max } = parameter;
  const written = (bound: number) =>
    type === 'duration'
      ? formatDuration(bound, { exact: true })
      : String(bound);
  if (min === undefined && max === undefined) {
    return '';
  }
  const parts = [
    ...(min === undefined ? [] : [`from ${written(min)}`]),
    ...(max === undefined ? [] : [`to ${written(max)}`]),
  ];
  // "to 14d" alone reads as if a word was missing; "up to 14d" does not.
  const text = min === undefined ? `up ${parts[0]}` : parts.join(' ');
  return `${text}${NOUNS[type] ?? ''}`;
}
