import type { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { formatIssues } from '../score/formatIssues';

interface WithProblems {
  name: string;
  problems: Diagnostic[];
}

/** Whether something is wrong that a person should know beside the list. */
export function hasProblems({ problems }: WithProblems): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** Tells what is wrong with the files of a list, with their places. */
export function noteProblems(
  context: CommandContext,
  broken: readonly WithProblems[],
): void {
  for (const { name, problems } of broken) {
    context.talk.say(`Problems of ${name}:`);
    context.talk.say(formatIssues(problems));
  }
}
