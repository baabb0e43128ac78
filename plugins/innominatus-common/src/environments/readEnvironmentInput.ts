import { Environment } from '../api/types';
import { Diagnostic } from '../diagnostics';
import { checkSchema } from '../definitions/checkSchema';
import { Report } from '../workflow/compile/report';
import { checkEnvironment } from './checkEnvironment';
import { environmentInputSchema } from './environmentSchema';

/**
 * Reads an environment as the API takes it: the keys of a file, in one level.
 * Never throws; without errors there is an environment.
 *
 * @public
 */
export function readEnvironmentInput(value: unknown): {
  environment?: Environment;
  diagnostics: Diagnostic[];
} {
  const report = Report.create({});
  const environment: Environment | undefined = checkSchema({
    schema: environmentInputSchema,
    value,
    report,
  });
  if (environment) {
    checkEnvironment(environment, report, '');
  }
  return {
    environment: report.failed ? undefined : environment,
    diagnostics: report.diagnostics,
  };
}
