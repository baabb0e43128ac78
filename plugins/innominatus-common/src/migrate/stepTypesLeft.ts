import { Diagnostic } from '../diagnostics';
import { JsonValue } from '../json';
import { adviceForStepType } from '../workflow/compile/elsewhere';
import { readWorkflowDocuments } from '../workflow/compile/readWorkflowDocuments';
import { Report } from '../workflow/compile/report';
import { isObject } from '../workflow/compile/shape';

/** Steps whose type nothing brings; what does their work is for a person to say. */
export function stepTypesLeft(text: string, file?: string): Diagnostic[] {
  return readWorkflowDocuments(text, { file }).flatMap(document => {
    const report = Report.create(document);
    const spec = isObject(document.value) ? document.value.spec : undefined;
    for (const list of ['steps', 'finally']) {
      const steps = isObject(spec) ? spec[list] : undefined;
      (Array.isArray(steps) ? steps : []).forEach((step, i) =>
        check(step, `/spec/${list}/${i}/type`, report),
      );
    }
    return report.diagnostics;
  });
}

function check(step: JsonValue, pointer: string, report: Report): void {
  const { type, name } = isObject(step) ? step : {};
  const [advice, ...suggestions] =
    typeof type === 'string' ? adviceForStepType(type) : [];
  if (advice !== undefined) {
    report.warning(
      'WORKFLOW_STEP_TYPE_LEFT',
      pointer,
      `The type "${type}" of step "${name}" stays as it is: no package brings it. ${advice}`,
      suggestions,
    );
  }
}
