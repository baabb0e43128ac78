import { defineCommand } from '../framework/command';
import { ExitCode } from '../framework/exitCodes';
import { analysisText } from '../score/analysisText';
import { readTextFile } from '../score/scoreFile';

export const analyzeCommand = defineCommand({
  name: 'analyze',
  summary: 'Estimate what deploying a Score file means',
  description:
    'Steps, what can run at the same time, the longest chain, its duration and\nrisks. Durations are assumed; with --history the backend says how long things\ntook before and which resources nobody provides. Exits with 1 when a risk is an\nerror.',
  args: [
    {
      name: 'file',
      required: true,
      description: 'Score file, or "-" for stdin',
      complete: 'file',
    },
  ],
  flags: {
    history: {
      type: 'boolean',
      description: 'Ask the backend for the durations of earlier runs',
    },
  },
  examples: [
    { line: 'innominatus analyze score.yaml', about: 'for people' },
    {
      line: 'innominatus analyze score.yaml --history',
      about: 'with durations of earlier runs',
    },
    {
      line: 'innominatus analyze score.yaml -o json',
      about: '{ levels, criticalPath, estimatedSeconds, risks, ... }',
    },
  ],
  offline: true,
  async run(context, { args, flags }) {
    const { text, file } = await readTextFile(context, args.file);
    const { analyze } = await import('../score/analyze');
    const analyzed = analyze(context, { text, file });
    const analysis = flags.history
      ? await (
          await context.client()
        ).analyzeScore({ score: text, file: file === '-' ? undefined : file })
      : analyzed;
    await context.out.object(analysis, {
      text: (styles, wide) => analysisText(analysis, styles, wide),
      name: () => analysis.workload,
    });
    const broken = analysis.risks.some(({ severity }) => severity === 'error');
    return broken ? ExitCode.failed : ExitCode.ok;
  },
});
