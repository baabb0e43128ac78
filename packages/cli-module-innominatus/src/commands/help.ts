import { defineCommand } from '../framework/command';
import { helpFor } from '../framework/help';

export const helpCommand = defineCommand({
  name: 'help',
  summary: 'Show help for a command',
  args: [
    { name: 'command', description: 'The command, for example runs' },
    { name: 'verb', description: 'Its verb, for example watch' },
  ],
  examples: [
    { line: 'innominatus help runs watch', about: 'help of one command' },
  ],
  offline: true,
  async run(context, { args }) {
    const words = [args.command, args.verb].filter(word => word !== undefined);
    context.out.line(helpFor(words, context.commands));
  },
});
