import { defineCommand } from '../framework/command';
import { ExitCode } from '../framework/exitCodes';
import { analysisText } from '../score/analysisText';
import { readTextFile } from '../score/scoreFile';

export const analyzeCommand = defineCommand({
  name: 'analyze',
  summary: 'Estimate what deploying a Score file means',
  description:
    'Steps, what can run at the same time, the longest chain, its duration and\nrisks. Exits with 1 when a risk is an error.',
  args: [
    {
      name: 'file',
      required: true,
      description: 'Score file, or "-" for stdin',
      complete: 'file',
    },
  ],
  examples: [
    { line: 'innominatus analyze score.yaml', about: 'for people' },
    {
      line: 'innominatus analyze score.yaml -o json',
      about: '{ levels, criticalPath, estimatedSeconds, risks, ... }',
    },
  ],
  offline: true,
  async run(context, { args }) {
    const { text, file } = await readTextFile(context, args.file);
    const { analyze } = await import('../score/analyze');
    const analysis = analyze(context, { text, file });
    await context.out.object(analysis, {
      text: (styles, wide) => analysisText(analysis, styles, wide),
      name: () => analysis.workload,
    });
    const broken = analysis.risks.some(({ severity }) => severity === 'error');
    return broken ? ExitCode.failed : ExitCode.ok;
  },
});
