import type { PolicyDefinition } from '@innominatus/backstage-plugin-innominatus-common';
import { defineCommand } from '../framework/command';
import { Styles } from '../output/styles';
import { safeLine } from '../output/text';

export const policiesGetCommand = defineCommand({
  name: 'policies get',
  summary: 'Show one policy with its limits and rules',
  args: [
    {
      name: 'name',
      required: true,
      description: 'Name of the policy',
    },
  ],
  examples: [
    {
      line: 'innominatus policies get production-ready',
      about: 'what it asks for',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const policy = await client.getPolicy(args.name);
    await context.out.object(policy, {
      text: styles => policyText(policy, styles),
      name: () => policy.name,
    });
  },
});

function policyText(policy: PolicyDefinition, styles: Styles): string {
  const { name, title, description, rules, source, line, ...rest } = policy;
  return [
    styles.bold(title ?? name),
    ...(description ? [`  ${safeLine(description)}`] : []),
    ...Object.entries(rest).map(
      ([key, value]) =>
        `  ${key.padEnd(13)}${safeLine(typeof value === 'string' ? value : JSON.stringify(value))}`,
    ),
    ...(source ? [`  ${'defined in'.padEnd(13)}${source}:${line}`] : []),
    ...rules.flatMap(rule => [
      '',
      `  ${styles.bold(rule.name)}`,
      `    ${safeLine(rule.expression)}`,
      `    ${safeLine(rule.message)}`,
    ]),
  ].join('\n');
}
