import { JsonValue } from '../../json';

/**
 * Types a parameter can have.
 *
 * @public
 */
export type ParameterType = 'string' | 'int' | 'bool' | 'duration' | 'enum';

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
  /** RE2; matches anywhere unless anchored. For `string` and `duration`. */
  pattern?: string;
  /** For `enum`, and to narrow a `string`. */
  allowedValues?: string[];
  /** For `int`, inclusive. */
  min?: number;
  /** For `int`, inclusive. */
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
