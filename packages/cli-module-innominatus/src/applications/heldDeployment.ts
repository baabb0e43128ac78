import type {
  DeploymentSummary,
  InnominatusClient,
} from '@innominatus/backstage-plugin-innominatus-common';
import { paintState, Styles } from '../output/styles';
import { safeLine } from '../output/text';
import { ApplicationKey, formatApplication } from './reference';

const MOST_LOOKED_AT = 20;

/** The newest deployment that waits without a run, for people or for room. */
export async function heldDeployment(
  client: InnominatusClient,
  { environment, name }: ApplicationKey,
): Promise<DeploymentSummary | undefined> {
  const { items } = await client.listDeployments({
    environment: [environment],
    name: [name],
    status: ['pending'],
    sort: '-createdAt',
    limit: MOST_LOOKED_AT,
  });
  return items.find(({ runId, waiting }) => !runId && waiting);
}

/** What it waits for, and until when. */
export function heldText(
  deployment: DeploymentSummary,
  styles: Styles,
): string {
  const { number, status, waiting } = deployment;
  return [
    `Deployment ${number} of ${formatApplication(deployment)} ${paintState(status, styles)}`,
    `  It waits: ${safeLine(waiting?.message ?? '')}`,
    ...(waiting?.kind === 'approval' && waiting.until !== undefined
      ? [`  Without that it fails at ${new Date(waiting.until).toISOString()}.`]
      : []),
  ].join('\n');
}
