import { LoggerService } from '@backstage/backend-plugin-api';
import { DefinitionSnapshot } from './types';

/** Says in the log what was loaded and what is wrong with it. */
export function reportSnapshot(
  { definitions, problems }: DefinitionSnapshot,
  logger: LoggerService,
): void {
  logger.info('Definitions were loaded', {
    environments: definitions.environments.length,
    providers: definitions.providers.length,
    goldenPaths: definitions.goldenPaths.length,
    workflows: definitions.workflows.length,
    policies: definitions.policies.length,
  });
  for (const diagnostic of problems.flatMap(item => item.diagnostics)) {
    if (diagnostic.severity === 'error') {
      logger.warn(
        `${diagnostic.file ?? 'A definition'}:${diagnostic.line}: ${diagnostic.message}`,
        { code: diagnostic.code },
      );
    }
  }
}
