import { joinJsonPointer } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import {
  APPROVAL_KEYS,
  approvalSchema,
  defaultPolicy,
  toPolicy,
} from '../approval/approvalSchema';
import { ApprovalPolicy } from '../approval/types';
import { StepWhen } from '../types';
import { Report } from './report';
import { isObject } from './shape';

export interface ReadApprovalOptions {
  /** What stands under `approval`. */
  value: JsonValue | undefined;
  pointer: string;
  stepType: string;
  when: StepWhen;
  /** The config says it for steps of type `approval`. */
  config: JsonObject;
  configPointer: (key: string | undefined) => string;
  /** The schema of the step type reports what is wrong with the config. */
  isConfigChecked: boolean;
}

/** Reads who has to say yes before a step starts; nothing for most steps. */
export function readApproval(
  options: ReadApprovalOptions,
  report: Report,
): ApprovalPolicy | undefined {
  const { value, pointer } = options;
  const isWritten = value !== undefined && value !== null;
  if (options.stepType === 'approval') {
    if (isWritten) {
      report.error(
        'WORKFLOW_APPROVAL',
        pointer,
        'A step of type "approval" says under "config" who approves it, not under "approval".',
      );
    }
    return readPolicy(options.config, {
      pointerOf: options.configPointer,
      report: options.isConfigChecked ? undefined : report,
    });
  }
  if (!isWritten) {
    return options.when === 'manual' ? defaultPolicy() : undefined;
  }
  if (options.when !== 'manual') {
    report.error(
      'WORKFLOW_APPROVAL',
      pointer,
      '"approval" is for steps that wait for a person. Add "when: manual", or remove it.',
    );
  }
  if (!isObject(value)) {
    report.error(
      'WORKFLOW_APPROVAL',
      pointer,
      `"approval" must be an object. Known keys: ${APPROVAL_KEYS.join(', ')}.`,
    );
    return undefined;
  }
  return readPolicy(value, {
    pointerOf: key =>
      joinJsonPointer(pointer, ...(key === undefined ? [] : [key])),
    report,
  });
}

function readPolicy(
  value: JsonObject,
  options: {
    pointerOf: (key: string | undefined) => string;
    report: Report | undefined;
  },
): ApprovalPolicy {
  const { pointerOf, report } = options;
  const result = approvalSchema.safeParse(value);
  if (result.success) {
    return toPolicy(result.data);
  }
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        report?.unknownKey({
          pointer: pointerOf(key),
          key,
          place: '"approval"',
          known: APPROVAL_KEYS,
        });
      }
      continue;
    }
    const [first, ...rest] = issue.path.map(String);
    report?.error(
      'WORKFLOW_APPROVAL',
      joinJsonPointer(pointerOf(first), ...rest),
      `"${['approval', first, ...rest].filter(part => part !== undefined).join('.')}" is not valid: ${issue.message}.`,
    );
  }
  return defaultPolicy();
}
