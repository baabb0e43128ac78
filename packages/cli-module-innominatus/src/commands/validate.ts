import { defineCommand } from '../framework/command';
import { ExitCode } from '../framework/exitCodes';
import { readTextFile } from '../score/scoreFile';

const FORMATS = ['text', 'simple', 'json', 'sarif'] as const;

export const validateCommand = defineCommand({
  name: 'validate',
  summary: 'Check a Score file',
  description:
    'Exits with 0 when there is no error, 1 when there is one, 2 for a wrong call.\n--format json prints one document: { valid, file, issues: [{ severity, code,\nmessage, pointer, line, column, suggestions }] }. --format sarif prints a SARIF\n2.1.0 log, which code hosts show beside the lines of a change.',
  args: [
    {
      name: 'file',
      required: true,
      description: 'Score file, or "-" for stdin',
      complete: 'file',
    },
  ],
  flags: {
    explain: {
      type: 'boolean',
      description: 'Show the line of each finding and how to mend it',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      choices: FORMATS,
      description:
        'text (with --explain), simple (one line each), json or sarif',
    },
    strict: { type: 'boolean', description: 'Treat warnings as errors' },
  },
  examples: [
    { line: 'innominatus validate score.yaml', about: 'one line per finding' },
    {
      line: 'innominatus validate score.yaml --explain',
      about: 'with lines and fixes',
    },
    {
      line: 'innominatus validate - --format json < score.yaml',
      about: 'for programs',
    },
    {
      line: 'innominatus validate score.yaml --format sarif > score.sarif',
      about: 'for a code host',
    },
  ],
  offline: true,
  async run(context, { args, flags }) {
    const { text, file } = await readTextFile(context, args.file);
    const { validate } = await import('../score/validate');
    const { valid, report, headline, format } = validate(text, {
      file,
      strict: flags.strict,
      color: context.out.hasColors,
    });
    if (flags.format === 'sarif') {
      context.out.line(format('sarif'));
    } else if (
      flags.format === 'json' ||
      (!flags.format && context.out.isDocument)
    ) {
      await context.out.document(report);
    } else if (flags.format === 'text' || (!flags.format && flags.explain)) {
      context.out.line(format('text'));
    } else {
      const lines = format('simple');
      if (lines !== '') {
        context.out.line(lines);
      }
      if (flags.format === 'simple') {
        context.talk.say(headline);
      } else {
        context.out.line(headline);
        if (lines !== '') {
          context.talk.next(
            `Lines and fixes: innominatus validate ${file} --explain`,
          );
        }
      }
    }
    return valid ? ExitCode.ok : ExitCode.failed;
  },
});
