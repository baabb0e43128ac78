import { useApi } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { DefinitionSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { formatAbsoluteTime } from '../../lib/relativeTime';
import { useText } from '../../translation';
import { DiagnosticList, Panel } from '../shared';

/**
 * Policies whose files have errors. Plans that such a policy refuses lead here,
 * where it would be missing otherwise.
 */
export function BrokenPolicies() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: 'broken policies',
    load: async signal => {
      const locations = await collectPages(cursor =>
        api.listLocations({ cursor, signal }),
      );
      return locations.flatMap(({ definitions }) =>
        definitions.filter(isBrokenPolicy),
      );
    },
  });
  // Who may not see the locations still sees the policies that are in use.
  if (!query.data || query.data.length === 0) {
    return null;
  }
  return (
    <Panel title={t('policies.brokenTitle')}>
      {query.data.map(policy => (
        <BrokenPolicy key={`${policy.source} ${policy.name}`} policy={policy} />
      ))}
    </Panel>
  );
}

function BrokenPolicy(props: { policy: DefinitionSummary }) {
  const { name = '', source, state, lastGoodAt, problems } = props.policy;
  const t = useText();
  const inUse = lastGoodAt
    ? t('policies.lastGoodOf', { name, time: formatAbsoluteTime(lastGoodAt) })
    : t('policies.lastGood', { name });
  return (
    <div>
      <Alert
        mb="3"
        icon
        status={state === 'refused' ? 'danger' : 'warning'}
        title={state === 'refused' ? t('policies.refused', { name }) : inUse}
        description={source}
      />
      <DiagnosticList issues={problems} />
    </div>
  );
}

function isBrokenPolicy({ kind, state }: DefinitionSummary): boolean {
  return kind === 'Policy' && state !== 'active';
}
