import { writeFile } from 'node:fs/promises';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { count } from '../output/text';
import { readTextFile } from '../score/scoreFile';

export const migrateCommand = defineCommand({
  name: 'migrate',
  summary: 'Rewrite workflows of earlier forms',
  description:
    'Prints the file in the canonical form; comments stay. Exits with 1 when the\nfile cannot be read. -o json prints { file, changes, text }.',
  args: [
    {
      name: 'file',
      required: true,
      description: 'File with workflows, or "-" for stdin',
      complete: 'file',
    },
  ],
  flags: {
    write: { type: 'boolean', description: 'Change the file itself' },
  },
  examples: [
    {
      line: 'innominatus migrate workflow.yaml',
      about: 'see what it becomes',
    },
    {
      line: 'innominatus migrate workflow.yaml --write',
      about: 'change the file',
    },
  ],
  offline: true,
  async run(context, { args, flags }) {
    const { text, file } = await readTextFile(context, args.file);
    if (flags.write && file === '-') {
      throw new UsageError('--write needs a file, not stdin.', {
        next: 'Leave --write out: the result is printed.',
      });
    }
    const { migrateWorkflows } =
      await import('@innominatus/backstage-plugin-innominatus-common');
    const { diagnostics, ...migrated } = migrateWorkflows(text, { file });
    if (diagnostics.length > 0) {
      const { formatIssues } = await import('../score/formatIssues');
      context.talk.say(formatIssues(diagnostics, file));
      return ExitCode.failed;
    }
    const { changes } = migrated;
    if (flags.write && changes.length > 0) {
      await writeFile(file, migrated.text);
    }
    if (context.out.isDocument) {
      await context.out.document({ file, ...migrated });
      return ExitCode.ok;
    }
    changes.forEach(change => context.talk.say(change));
    if (flags.write) {
      context.out.line(
        changes.length > 0
          ? `${file}: ${count(changes.length, 'change')}`
          : `${file}: is in the canonical form`,
      );
    } else {
      context.out.write(migrated.text);
    }
    return ExitCode.ok;
  },
});
