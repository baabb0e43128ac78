import { Environment } from '../api/types';
import { parseDuration } from '../workflow/duration';
import { Report } from '../workflow/compile/report';
import { WorkflowDocument } from '../workflow/compile/readWorkflowDocuments';
import { checkSchema } from './checkSchema';
import { environmentSchema } from './schemas';

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
  const { metadata, spec } = value;
  return {
    name: metadata.name,
    title: metadata.title,
    description: metadata.description,
    type: spec.type,
    order: spec.order,
    target: spec.target,
    ttl: spec.ttl === undefined ? undefined : toIsoDuration(spec.ttl),
    source: document.file,
  };
}

function toIsoDuration(text: string): string {
  return `PT${Math.round((parseDuration(text) ?? 0) / 1000)}S`;
}
