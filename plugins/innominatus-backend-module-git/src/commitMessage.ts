import { StepContext } from '@innominatus/backstage-plugin-innominatus-node';
import { GitCommitManifestsConfig } from './schema';

/**
 * The message of the step with trailers that lead back to the run. A trailer
 * is one line; what comes from outside must not begin another one.
 */
export function commitMessage(
  step: StepContext<GitCommitManifestsConfig>,
): string {
  const { run, application, config } = step;
  const subject = application
    ? `${config.operation === 'delete' ? 'Remove' : 'Deploy'} ${application.name} ${config.operation === 'delete' ? 'from' : 'to'} ${application.environment}`
    : `Update manifests of ${run.workflow}`;
  const message = (config.message ?? subject)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .trim();
  const trailers = [
    `Innominatus-Run: ${oneLine(run.id)}`,
    `Innominatus-Run-Number: ${run.number}`,
    `Innominatus-Initiator: ${oneLine(run.initiator)}`,
  ];
  return `${message || subject}\n\n${trailers.join('\n')}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
