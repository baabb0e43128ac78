import { useApi, useRouteRefParams } from '@backstage/frontend-plugin-api';
import { Container, Header } from '@backstage/ui';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useSearchParams } from 'react-router-dom';
import { InnominatusApi, innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { planRouteRef } from '../../routes';
import { useText } from '../../translation';
import { ErrorState, ListSkeleton } from '../shared';
import { PlanPageContent } from './PlanPageContent';

/** A plan with a link of its own, to be looked at by somebody else. */
export function PlanPage() {
  const { planId } = useRouteRefParams(planRouteRef);
  const [search] = useSearchParams();
  const api = useApi(innominatusApiRef);
  const t = useText();
  const entityRef = search.get('entityRef') ?? undefined;
  const asked = search.get('approval') ?? undefined;
  const query = useQuery({
    key: `plan ${planId} ${entityRef} ${asked}`,
    load: async signal => {
      const plan = await api.getPlan(planId, { signal });
      return {
        plan,
        approval: asked ? await api.getApproval(asked, { signal }) : undefined,
        entityRef:
          entityRef ??
          plan.entityRef ??
          (plan.action === 'deploy'
            ? await entityOf(api, plan, signal)
            : undefined),
      };
    },
  });
  if (query.data) {
    return (
      <PlanPageContent
        plan={query.data.plan}
        entityRef={query.data.entityRef}
        image={search.get('image') ?? undefined}
        approval={query.data.approval}
        onDecided={query.reload}
      />
    );
  }
  return (
    <main>
      <Header title={t('plan.page')} />
      <Container>
        {query.status === 'error' ? (
          <ErrorState error={query.error} onRetry={query.reload} />
        ) : (
          <ListSkeleton rows={8} />
        )}
      </Container>
    </main>
  );
}

/** The component of an application that exists; a first plan has none yet. */
async function entityOf(
  api: InnominatusApi,
  plan: Plan,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const application = await api.getApplication(plan, { signal });
    return application.entityRef;
  } catch (error) {
    if ((error as { status?: unknown }).status === 404) {
      return undefined;
    }
    throw error;
  }
}
