import { formatApplication } from '../applications/reference';
import { ContextStore } from '../context/ContextStore';
import { CommandContext } from '../framework/context';
import { LiveNames } from './complete';

// Longer would make the shell feel stuck.
const WAIT_MS = 1500;

/** Names from the saved contexts and the backend; none when it is not there. */
export function liveNames(context: CommandContext): LiveNames {
  return async kind => {
    try {
      return await readNames(context, kind);
    } catch {
      return [];
    }
  };
}

async function readNames(
  context: CommandContext,
  kind: Parameters<LiveNames>[0],
): Promise<string[]> {
  if (kind === 'context') {
    const { contexts } = await ContextStore.create(context.io.env).read();
    return contexts.map(({ name }) => name);
  }
  const client = await context.client();
  const page = { limit: 100, signal: AbortSignal.timeout(WAIT_MS) };
  const applications = async () =>
    (await client.listApplications(page)).items.map(formatApplication);
  switch (kind) {
    case 'application':
      return applications();
    case 'environment':
      return (await client.listEnvironments(page)).items.map(
        ({ name }) => name,
      );
    case 'goldenPath':
      return (await client.listGoldenPaths(page)).items.map(({ name }) => name);
    case 'schedule':
      return (await client.listSchedules(page)).items.map(({ name }) => name);
    default: {
      const runs = await client.listRuns({ ...page, sort: '-createdAt' });
      return [
        ...runs.items.map(({ number }) => String(number)),
        ...(await applications()),
      ];
    }
  }
}
