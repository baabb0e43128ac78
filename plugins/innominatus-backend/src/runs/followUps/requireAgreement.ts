import { InputError } from '@backstage/errors';
import {
  RetryPreview,
  Run,
  UndoPreview,
  UndoRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ProblemError } from '../../http';

/** What is started has to be what the caller has seen and agreed to. */
export function requireAgreement(
  { run, preview }: { run: Run; preview: RetryPreview | UndoPreview },
  request: UndoRequest,
  word: 'retry' | 'undo',
): void {
  if (!preview.allowed) {
    throw new ProblemError({
      status: 409,
      code: `${word.toUpperCase()}_NOT_ALLOWED`,
      message: preview.reason ?? `Run ${run.number} cannot be followed.`,
    });
  }
  if (request.previewVersion !== preview.version) {
    throw new ProblemError({
      status: 409,
      code: 'PREVIEW_CHANGED',
      message: `The ${word} of run ${run.number} would not do any more what the preview "${request.previewVersion}" showed. Look at a new one: GET /runs/${run.number}/${word}-preview.`,
    });
  }
  const acknowledged = new Set(request.acknowledge);
  const unknown = [...acknowledged].filter(
    name => !run.steps.some(step => step.name === name),
  );
  if (unknown.length > 0) {
    throw new InputError(
      `The field "acknowledge" names "${unknown[0]}", which is no step of run ${run.number}.`,
    );
  }
  const missing = preview.acknowledge.filter(name => !acknowledged.has(name));
  if (missing.length > 0) {
    throw new ProblemError({
      status: 422,
      code: 'ACKNOWLEDGEMENT_MISSING',
      message: `The ${word} touches systems outside in ${missing.map(name => `"${name}"`).join(', ')}. Name these steps in "acknowledge" if that is what you want.`,
    });
  }
}
