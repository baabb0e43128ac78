import { stepTitle } from './stepTitle';
import { StepDefinition, WorkflowDefinition } from './types';

/**
 * Writes the step graph of a workflow as Mermaid.
 *
 * @public
 */
export function toMermaid(definition: WorkflowDefinition): string {
  const ids = idsOf(definition);
  const lines = ['flowchart LR'];
  for (const step of shownSteps(definition)) {
    const label = mermaidText(stepTitle(step));
    lines.push(
      `  ${ids.get(step.name)}["${label}<br/>${mermaidText(kindOf(step))}"]`,
    );
  }
  for (const { from, to, kind } of edgesOf(definition)) {
    lines.push(
      `  ${ids.get(from)} ${kind === 'plain' ? '-->' : '-.->'} ${ids.get(to)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Writes the step graph of a workflow in the DOT language of Graphviz.
 *
 * @public
 */
export function toDot(definition: WorkflowDefinition): string {
  const lines = [
    `digraph ${dotText(definition.name)} {`,
    '  rankdir=LR;',
    '  node [shape=box];',
  ];
  for (const step of shownSteps(definition)) {
    const label = dotText(`${stepTitle(step)}\n${kindOf(step)}`);
    lines.push(`  ${dotText(step.name)} [label=${label}];`);
  }
  for (const { from, to, kind } of edgesOf(definition)) {
    const style = kind === 'plain' ? '' : ' [style=dashed]';
    lines.push(`  ${dotText(from)} -> ${dotText(to)}${style};`);
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

/** A step with `forEach` stands for the steps of its items. */
function shownSteps(definition: WorkflowDefinition): StepDefinition[] {
  return definition.steps.filter(step => step.item === undefined);
}

function kindOf({ type, forEach, children }: StepDefinition): string {
  return forEach ? `${type} × ${children ? children.length : 'items'}` : type;
}

interface Edge {
  from: string;
  to: string;
  /** Dashed for steps that may be left out. */
  kind: 'plain' | 'conditional';
}

function edgesOf(definition: WorkflowDefinition): Edge[] {
  const steps = shownSteps(definition);
  const main = steps.filter(step => !step.finally);
  const waitedFor = new Set(main.flatMap(step => step.dependsOn));
  const ends = main.map(step => step.name).filter(name => !waitedFor.has(name));
  return steps.flatMap(step => {
    const conditional =
      step.if !== undefined ||
      step.unless !== undefined ||
      step.when === 'on_failure' ||
      step.when === 'manual';
    const before =
      step.finally && step.dependsOn.length === 0 ? ends : step.dependsOn;
    return before.map((from): Edge => ({
      from,
      to: step.name,
      kind: conditional ? 'conditional' : 'plain',
    }));
  });
}

/** Names such as `end` are words of Mermaid, so nodes are numbered. */
function idsOf(definition: WorkflowDefinition): Map<string, string> {
  return new Map(definition.steps.map((step, i) => [step.name, `s${i + 1}`]));
}

function mermaidText(text: string): string {
  return text
    .replace(/[#&<>"`]/g, character => `#${character.charCodeAt(0)};`)
    .replace(/\s+/g, ' ');
}

function dotText(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}
