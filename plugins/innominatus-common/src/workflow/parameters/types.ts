import { JsonValue } from '../../json';

/**
 * Types a parameter can have.
 *
 * @public
 */
export type ParameterType =
  'string' | 'int' | 'bool' | 'duration' | 'enum' | 'list';

/**
 * One parameter of a golden path or workflow.
 *
 * @public
 */
export interface ParameterDefinition {
  name: string;
  type: ParameterType;
  title?: string;
  description?: string;
  required: boolean;
  default?: JsonValue;
  /** RE2; matches anywhere unless anchored. For `string`, `duration` and each text of a `list`. */
  pattern?: string;
  /** For `enum`, and to narrow a `string` or the texts of a `list`. */
  allowedValues?: string[];
  /**
   * Inclusive: of an `int`, of the length of a `string`, of the number of texts
   * in a `list`, or of a `duration` in milliseconds.
   */
  min?: number;
  /** Inclusive, of the same as `min`. */
  max?: number;
  /** The value is neither shown nor logged. */
  secret?: boolean;
}

/**
 * What is wrong with one value.
 *
 * @public
 */
export interface ParameterIssue {
  parameter: string;
  /** The rule that was broken, for example `value must be >= 1`. */
  constraint: string;
  suggestion?: string;
  /** Everything in one sentence or two. */
  message: string;
}
