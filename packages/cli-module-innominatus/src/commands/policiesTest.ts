import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { safeLine } from '../output/text';
import { readPolicyFiles } from '../policies/readPolicyFiles';

export const policiesTestCommand = defineCommand({
  name: 'policies test',
  summary: 'Hold test cases against policies',
  description:
    'Reads policies (kind: Policy) and cases (files with "cases") from files and\nfolders. Exits with 0 when every case comes out as it says, 1 when one does not,\n2 for a wrong call. With --installed, the cases are held against the policies of\nthe backend.',
  args: [
    {
      name: 'file',
      required: true,
      description: 'File or folder with policies, cases, or both',
      complete: 'file',
    },
    {
      name: 'cases',
      description: 'Another one',
      complete: 'file',
    },
  ],
  flags: {
    installed: {
      type: 'boolean',
      description: 'Use the policies of the backend instead of files',
    },
  },
  examples: [
    {
      line: 'innominatus policies test policies policy-tests',
      about: 'all files of two folders',
    },
    {
      line: 'innominatus policy test guardrails.yaml cases.yaml -o json',
      about: 'for programs',
    },
  ],
  offline: true,
  async run(context, { args, flags }) {
    const { policies, cases } = await readPolicyFiles(
      [args.file, args.cases].filter(file => file !== undefined),
    );
    if (cases.length === 0 || (policies.length === 0 && !flags.installed)) {
      throw new UsageError(
        cases.length === 0
          ? 'There are no cases. Name a file with "cases", a list of "name", "input" and "expect".'
          : 'There are no policies. Name a file with "kind: Policy", or use --installed.',
      );
    }
    const { testPolicies } =
      await import('@innominatus/backstage-plugin-innominatus-common');
    const plain = cases.map(({ file, ...item }) => item);
    const results = flags.installed
      ? (await (await context.client()).testPolicies({ cases: plain })).items
      : testPolicies(policies, plain);
    const failed = results.filter(({ passed }) => !passed).length;
    if (context.out.isDocument) {
      await context.out.document({
        passed: failed === 0,
        items: results.map((result, index) => ({
          file: cases[index].file,
          ...result,
        })),
      });
    } else {
      for (const { name, passed, problems } of results) {
        context.out.line(`${passed ? 'ok  ' : 'FAIL'} ${safeLine(name)}`);
        for (const problem of problems) {
          context.out.line(`     ${safeLine(problem)}`);
        }
      }
      context.out.line(
        `${results.length - failed} of ${results.length} cases came out as expected`,
      );
    }
    return failed === 0 ? ExitCode.ok : ExitCode.failed;
  },
});
