import { useApi } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { DefinitionSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
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
      {query.data.map(({ name = '', source, state, problems }) => (
        <div key={`${source} ${name}`}>
          <Alert
            mb="3"
            icon
            status={state === 'refused' ? 'danger' : 'warning'}
            title={t(
              state === 'refused' ? 'policies.refused' : 'policies.lastGood',
              { name },
            )}
            description={source}
          />
          <DiagnosticList issues={problems} />
        </div>
      ))}
    </Panel>
  );
}

function isBrokenPolicy({ kind, state }: DefinitionSummary): boolean {
  return kind === 'Policy' && state !== 'active';
}
