import type {
  InnominatusClient,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Runs may start runs, and so on; no more of them than a person reads. */
const MOST_RUNS = 50;

/**
 * The runs in progress that a run waits for, and those that they wait for, the
 * nearest first.
 */
export async function openNestedRuns(
  client: InnominatusClient,
  run: Run,
): Promise<Run[]> {
  const found: Run[] = [];
  let level = [run];
  while (level.length > 0) {
    const ids = level.flatMap(openChildren).slice(0, MOST_RUNS - found.length);
    const runs = await Promise.all(ids.map(id => client.getRun(id)));
    level = runs.filter(({ endedAt }) => endedAt === undefined);
    found.push(...level);
  }
  return found;
}

function openChildren({ steps, endedAt }: Run): string[] {
  return endedAt === undefined
    ? steps
        .filter(({ status }) => status === 'running' || status === 'waiting')
        .flatMap(({ childRuns }) => childRuns)
    : [];
}
