import { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { readYaml } from '@innominatus/backstage-plugin-innominatus-common';
import { keysAt, pathAt } from './scoreKeys';

/** Offers keys of Score where a key begins, and resources in placeholders. */
export function completeScore(
  context: CompletionContext,
): CompletionResult | null {
  const placeholder = context.matchBefore(/\$\{[A-Za-z0-9_.-]*/);
  if (placeholder) {
    return {
      from: placeholder.from,
      options: [
        '${metadata.name}',
        ...resourceNames(context.state.doc.toString()).map(
          name => `\${resources.${name}.`,
        ),
      ].map(label => ({ label, type: 'variable' })),
    };
  }
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const written = doc.sliceString(line.from, context.pos);
  const key = /^\s*([A-Za-z]*)$/.exec(written);
  if (!key || (key[1] === '' && !context.explicit)) {
    return null;
  }
  const lines = doc.sliceString(0, context.pos).split('\n');
  const options = keysAt(pathAt(lines, lines.length - 1));
  return options.length === 0
    ? null
    : {
        from: context.pos - key[1].length,
        validFor: /^[A-Za-z]*$/,
        options: options.map(option => ({
          label: option.key,
          apply: `${option.key}: `,
          type: 'property',
          info: option.description,
        })),
      };
}

/** The line that is being typed may not be YAML yet, so what is read is the rest. */
function resourceNames(text: string): string[] {
  const { value } = readYaml(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { resources } = value;
    if (
      typeof resources === 'object' &&
      resources !== null &&
      !Array.isArray(resources)
    ) {
      return Object.keys(resources);
    }
  }
  const block = /^resources:[ \t]*\n((?:[ \t]+.*\n?|[ \t]*\n)*)/m.exec(text);
  return [...(block?.[1] ?? '').matchAll(/^ {2}([A-Za-z0-9_-]+):/gm)].map(
    ([, name]) => name,
  );
}
