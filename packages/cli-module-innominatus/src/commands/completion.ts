import { completionScripts } from '../completion/scripts';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'Print the completion script of a shell',
  description: 'Offers commands, options and names that the portal knows.',
  args: [
    {
      name: 'shell',
      required: true,
      description: SHELLS.join(', '),
      complete: SHELLS,
    },
  ],
  examples: [
    {
      line: 'source <(innominatus completion bash)',
      about: 'in ~/.bashrc; the same with zsh in ~/.zshrc',
    },
    {
      line: 'innominatus completion fish > ~/.config/fish/completions/innominatus.fish',
      about: 'for fish',
    },
  ],
  offline: true,
  async run(context, { args }) {
    const shell = SHELLS.find(candidate => candidate === args.shell);
    if (!shell) {
      throw new UsageError(
        `The shell is "${args.shell}", but one of ${SHELLS.join(', ')} is expected.`,
      );
    }
    context.out.write(completionScripts[shell]);
  },
});
