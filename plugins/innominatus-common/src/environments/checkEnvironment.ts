import { Environment } from '../api/types';
import { joinJsonPointer, nearestNames } from '../diagnostics';
import { parseDuration } from '../workflow/duration';
import { Report } from '../workflow/compile/report';
import { findReferences } from '../workflow/references';
import { checkCron } from '../workflow/schedule';
import { toInstant } from './freezes';

/** Names that `${environment.K}` has anyway. */
const RESERVED_VARIABLES = [
  'name',
  'type',
  'target',
  'cluster',
  'namespace',
  'path',
  'repository',
  'branch',
];

/** What a schema cannot say about an environment. */
export function checkEnvironment(
  environment: Environment,
  report: Report,
  pointer: string,
): void {
  checkVariables(environment, report, pointer);
  checkTarget(environment, report, pointer);
  checkFreezes(environment, report, pointer);
  checkEphemeral(environment, report, pointer);
}

function checkVariables(
  { variables = {} }: Environment,
  report: Report,
  pointer: string,
): void {
  for (const name of Object.keys(variables)) {
    if (RESERVED_VARIABLES.includes(name)) {
      report.error(
        'ENVIRONMENT_VARIABLE',
        joinJsonPointer(pointer, 'variables', name),
        `The variable "${name}" cannot be set: every environment has it already.`,
        ['Choose another name.'],
      );
    }
  }
}

function checkTarget(
  { target, variables = {} }: Environment,
  report: Report,
  pointer: string,
): void {
  const known = [
    'app.name',
    'environment.name',
    'environment.type',
    ...Object.keys(variables).map(name => `environment.${name}`),
  ];
  for (const found of findReferences({ ...target })) {
    const { reference } = found;
    if (!known.includes(reference.expression)) {
      const [near] = nearestNames(reference.expression, known, 1);
      report.error(
        'ENVIRONMENT_TEMPLATE',
        `${pointer}/target${found.pointer}`,
        `The target names "${reference.raw}", which it cannot have. Known are ${known.map(name => `\${${name}}`).join(', ')}.`,
        near === undefined ? [] : [`Did you mean \${${near}}?`],
      );
    }
  }
}

function checkFreezes(
  { freezes = [] }: Environment,
  report: Report,
  pointer: string,
): void {
  freezes.forEach((freeze, index) => {
    const at = joinJsonPointer(pointer, 'freezes', String(index));
    const { cron, duration, from, to, timezone } = freeze;
    const isOnce =
      from !== undefined &&
      to !== undefined &&
      cron === undefined &&
      duration === undefined;
    const isRepeated =
      cron !== undefined &&
      duration !== undefined &&
      from === undefined &&
      to === undefined;
    if (!isOnce && !isRepeated) {
      report.error(
        'ENVIRONMENT_FREEZE',
        at,
        'A freeze window needs either "from" and "to", or "cron" and "duration".',
      );
      return;
    }
    const wrong = checkCron(cron ?? '0 0 * * *', timezone);
    if (wrong) {
      report.error('ENVIRONMENT_FREEZE', `${at}/${wrong.key}`, wrong.message);
      return;
    }
    if (from === undefined || to === undefined) {
      return;
    }
    const times = {
      from: toInstant(from, timezone),
      to: toInstant(to, timezone),
    };
    for (const key of ['from', 'to'] as const) {
      if (times[key] === undefined) {
        report.error(
          'ENVIRONMENT_FREEZE',
          `${at}/${key}`,
          `The time "${freeze[key]}" cannot be read. Expected for example "2027-12-20T18:00" or "2027-12-20".`,
        );
      }
    }
    if (
      times.from !== undefined &&
      times.to !== undefined &&
      times.from >= times.to
    ) {
      report.error(
        'ENVIRONMENT_FREEZE',
        `${at}/to`,
        `The freeze window ends ("${to}") before it begins ("${from}").`,
      );
    }
  });
}

/** Copies that share a namespace or folder with the original would replace it. */
function checkEphemeral(
  { name, target, ephemeral }: Environment,
  report: Report,
  pointer: string,
): void {
  if (!ephemeral) {
    return;
  }
  const { ttl, maxTtl } = ephemeral;
  if (
    ttl !== undefined &&
    maxTtl !== undefined &&
    (parseDuration(ttl) ?? 0) > (parseDuration(maxTtl) ?? 0)
  ) {
    report.error(
      'ENVIRONMENT_TTL',
      joinJsonPointer(pointer, 'ephemeral', 'ttl'),
      `"ttl" cannot be longer than "maxTtl".`,
    );
  }
  const isOwnPlace = findReferences({ ...target }).some(
    ({ reference }) => reference.expression === 'environment.name',
  );
  if (target.type !== 'simulate' && !isOwnPlace) {
    report.error(
      'ENVIRONMENT_EPHEMERAL_TARGET',
      joinJsonPointer(pointer, 'ephemeral'),
      `Environments made from "${name}" would all deploy to its own place. Name \${environment.name} in the target, for example "namespace: \${app.name}-\${environment.name}".`,
    );
  }
}
