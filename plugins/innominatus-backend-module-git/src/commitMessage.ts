import { StepContext } from '@innominatus/backstage-plugin-innominatus-node';

/**
 * The message of the step, or the subject when it has none, with trailers that
 * lead back to the run. A trailer is one line; what comes from outside must not
 * begin another one.
 */
export function commitMessage(
  { run, step }: Pick<StepContext<unknown>, 'run' | 'step'>,
  options: { message?: string; subject: string; trailers?: string[] },
): string {
  const { subject } = options;
  const message = (options.message ?? subject)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .trim();
  const trailers = [
    `Innominatus-Run: ${oneLine(run.id)}`,
    `Innominatus-Run-Number: ${run.number}`,
    `Innominatus-Step: ${oneLine(step.name)}`,
    `Innominatus-Initiator: ${oneLine(run.initiator)}`,
    ...(options.trailers ?? []).map(oneLine),
  ];
  return `${message || subject}\n\n${trailers.join('\n')}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
