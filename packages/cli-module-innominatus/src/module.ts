import { createCliModule } from '@backstage/cli-node';
import packageJson from '../package.json';
import { commandSet } from './commands/registry';

/**
 * Adds every command of innominatus to `backstage-cli`, below the word
 * `innominatus`: `backstage-cli innominatus runs list`.
 *
 * @public
 */
export default createCliModule({
  packageJson,
  init: async registry => {
    for (const command of commandSet.commands) {
      if (command.name !== 'help') {
        registry.addCommand({
          path: ['innominatus', ...command.name.split(' ')],
          description: command.summary,
          execute: {
            loader: async () => {
              const { runProcess } = await import('./runProcess');
              return {
                default: ({ args }: { args: string[] }) =>
                  runProcess([...command.name.split(' '), ...args]),
              };
            },
          },
        });
      }
    }
  },
});
