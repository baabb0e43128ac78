import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExtractedFile } from '@innominatus/backstage-plugin-innominatus-common';
import { defineCommand } from '../framework/command';
import { CommandContext } from '../framework/context';
import { UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { count } from '../output/text';
import { readTextFile } from '../score/scoreFile';

export const migrateCommand = defineCommand({
  name: 'migrate',
  summary:
    'Rewrite Score files, workflows and lists of golden paths of earlier forms',
  description:
    'Prints the file in the canonical form; comments stay. Workflows inside of a\nScore file become files beside it; a goldenpaths.yaml becomes golden paths with\nthe workflows it names. Exits with 1 when the file cannot be read, or\nhas errors that only you can mend. -o json prints { file, kind, changes, text,\nextracted, remaining }.',
  args: [
    {
      name: 'file',
      required: true,
      description:
        'Score file, file with workflows or goldenpaths.yaml, or "-" for stdin',
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
      line: 'innominatus migrate goldenpaths.yaml --write',
      about: 'make golden paths of the list',
    },
    {
      line: 'innominatus migrate score.yaml --write',
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
    const { goldenPathFiles, hasErrors, migrateFile } =
      await import('@innominatus/backstage-plugin-innominatus-common');
    const { formatIssues } = await import('../score/formatIssues');
    const { diagnostics, ...migrated } = migrateFile(text, {
      file,
      files:
        file === '-'
          ? {}
          : await readBeside(context, file, goldenPathFiles(text)),
    });
    if (diagnostics.length > 0) {
      context.talk.say(formatIssues(diagnostics, file));
      return ExitCode.failed;
    }
    const { changes, extracted, remaining } = migrated;
    if (flags.write && changes.length > 0) {
      await writeExtracted(file, extracted);
      await writeFile(file, migrated.text);
    }
    const code = hasErrors(remaining) ? ExitCode.failed : ExitCode.ok;
    if (context.out.isDocument) {
      await context.out.document({ file, ...migrated });
      return code;
    }
    changes.forEach(change => context.talk.say(change));
    if (remaining.length > 0) {
      context.talk.say(formatIssues(remaining, file));
      context.talk.next(
        `Left for you to mend; see innominatus validate ${file} --explain`,
      );
    }
    if (flags.write) {
      context.out.line(
        changes.length > 0
          ? `${file}: ${count(changes.length, 'change')}`
          : `${file}: nothing to rewrite`,
      );
    } else {
      context.out.write(migrated.text);
    }
    return code;
  },
});

/** The workflows of a list of golden paths; what cannot be read is left out. */
async function readBeside(
  context: CommandContext,
  file: string,
  names: readonly string[],
): Promise<Record<string, string>> {
  const found = await Promise.all(
    names.map(async name => {
      const target = path.resolve(path.dirname(file), name);
      try {
        return [[name, (await readTextFile(context, target)).text]] as const;
      } catch {
        // Told for the golden path that names it.
        return [];
      }
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Beside the file they come from; nothing that exists is overwritten. */
async function writeExtracted(
  file: string,
  extracted: readonly ExtractedFile[],
): Promise<void> {
  for (const part of extracted) {
    const target = path.join(path.dirname(file), part.file);
    try {
      await writeFile(target, part.text, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
      throw new UsageError(
        `"${target}" exists already; "${file}" stays as it is.`,
        {
          next: 'Move the file away, or leave --write out and take the parts from -o json.',
        },
      );
    }
  }
}
