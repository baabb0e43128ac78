import {
  DefinitionProblems,
  Diagnostic,
  Locate,
} from '@innominatus/backstage-plugin-innominatus-common';

/** A finding about a definition, at its place in the file. */
export function definitionProblem(options: {
  kind: string;
  name: string;
  file?: string;
  locate: Locate;
  /** The nearest place that exists is shown. */
  pointer: string;
  code: string;
  message: string;
  /** Default `error`. */
  severity?: Diagnostic['severity'];
}): DefinitionProblems {
  const { kind, name, file, locate, pointer, code, message } = options;
  const diagnostic: Diagnostic = {
    severity: options.severity ?? 'error',
    code,
    message,
    pointer,
    line: 1,
    column: 1,
    suggestions: [],
    ...placeOf(locate, pointer),
    file,
  };
  return { kind, name, file, diagnostics: [diagnostic] };
}

function placeOf(locate: Locate, pointer: string): ReturnType<Locate> {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = locate(at, 'value');
    if (place || at === '') {
      return place;
    }
  }
}
