import { Environment } from '../api/types';
import { checkEnvironment } from '../environments/checkEnvironment';
import { environmentSchema } from '../environments/environmentSchema';
import { Report } from '../workflow/compile/report';
import { WorkflowDocument } from '../workflow/compile/readWorkflowDocuments';
import { checkSchema } from './checkSchema';

export function readEnvironment(
  document: WorkflowDocument,
  report: Report,
): Environment | undefined {
  const value = checkSchema({
    schema: environmentSchema,
    value: document.value,
    report,
  });
  if (!value) {
    return undefined;
  }
  const environment: Environment = {
    ...value.metadata,
    ...value.spec,
    source: document.file,
  };
  checkEnvironment(environment, report, '/spec');
  return report.failed ? undefined : environment;
}
