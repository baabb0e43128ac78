import { Environment } from '../api/types';
import { checkEnvironment } from '../environments/checkEnvironment';
import { environmentSchema } from '../environments/environmentSchema';
import { Report } from '../workflow/compile/report';
import { WorkflowDocument } from '../workflow/compile/readWorkflowDocuments';
import { checkSchema } from './checkSchema';

export function readEnvironment(
  document: WorkflowDocument,
  report: Report,
  options: { mayEnd?: boolean },
): Environment | undefined {
  const value = checkSchema({
    schema: environmentSchema,
    value: document.value,
    report,
  });
  if (!value) {
    return undefined;
  }
  if (value.spec.ttl !== undefined && !options.mayEnd) {
    report.error(
      'ENVIRONMENT_TTL_IN_FILE',
      '/spec/ttl',
      `The environment "${value.metadata.name}" is defined in a file and is there for as long as the file is; "ttl" would have no effect.`,
      [
        'Remove "ttl", or make the environment by API, with "innominatus environments create": those end by themselves. How long copies of this one live is said by "ephemeral.ttl".',
      ],
    );
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
