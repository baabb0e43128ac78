import { JsonObject, JsonValue } from '../json';
import { findReferences } from '../workflow/references';
import { WorkflowDefinition } from '../workflow/types';
import { SimulatedAnswer } from './simulateWorkflow';

/** Steps that are not simulated answer every output that is asked of them. */
export function impliedAnswers(
  definition: WorkflowDefinition,
): Record<string, SimulatedAnswer> {
  const answers: Record<string, { outputs: JsonObject }> = {};
  for (const step of definition.steps) {
    if (step.type !== 'simulate') {
      answers[step.name] = { outputs: {} };
    }
  }
  const templates = [
    definition.outputs as JsonValue,
    ...definition.steps.flatMap(({ config, env, setVariables }) => [
      config,
      env,
      setVariables,
    ]),
  ];
  for (const { reference } of findReferences(templates as JsonValue)) {
    const [first, ...rest] = reference.path;
    const [step, output] =
      first === 'steps' && rest[1] === 'outputs'
        ? [rest[0], rest[2]]
        : [first, rest[0] === 'outputs' ? rest[1] : rest[0]];
    if (output !== undefined && Object.hasOwn(answers, step)) {
      answers[step].outputs[output] = `simulated-${output}`;
    }
  }
  return answers;
}
