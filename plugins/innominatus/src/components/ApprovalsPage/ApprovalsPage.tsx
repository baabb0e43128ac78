import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Container, Tab, TabList, TabPanel, Tabs } from '@backstage/ui';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton } from '../shared';
import styles from './ApprovalsPage.module.css';
import { ApprovalsTable } from './ApprovalsTable';
import {
  APPROVAL_VIEWS,
  ApprovalsView,
  useApprovalsView,
} from './useApprovalsView';

const POLL_MS = 10_000;
const PAGE_SIZE = 25;

/** What waits for the reader first, and all approvals a person may see. */
export function ApprovalsPage() {
  const t = useText();
  const { view, show } = useApprovalsView();
  return (
    <main>
      <Container pb="6">
        <Tabs
          selectedKey={view}
          onSelectionChange={key => show(key as ApprovalsView)}
        >
          <TabList aria-label={t('approvals.views.label')}>
            {APPROVAL_VIEWS.map(id => (
              <Tab key={id} id={id}>
                {t(`approvals.views.${id}`)}
              </Tab>
            ))}
          </TabList>
          {APPROVAL_VIEWS.map(id => (
            <TabPanel key={id} id={id}>
              <ApprovalsList />
            </TabPanel>
          ))}
        </Tabs>
      </Container>
    </main>
  );
}

function ApprovalsList() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const { view, cursor, goTo } = useApprovalsView();
  const mine = view === 'mine';
  const query = useQuery({
    key: JSON.stringify({ view, cursor }),
    load: signal =>
      api.listApprovals({
        ...(mine ? { approver: ['me'] } : {}),
        cursor,
        limit: PAGE_SIZE,
        signal,
      }),
    pollMs: () => POLL_MS,
  });
  const page = query.data;
  return (
    <div className={styles.root}>
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {query.status === 'loading' && <ListSkeleton rows={4} />}
      {page?.items.length === 0 && (
        <EmptyState
          title={t(mine ? 'approvals.emptyMine' : 'approvals.empty')}
          text={t(mine ? 'approvals.emptyMineText' : 'approvals.emptyText')}
        />
      )}
      {page && page.items.length > 0 && (
        <ApprovalsTable approvals={page.items} />
      )}
      {page && (cursor || page.nextCursor) && (
        <div className={styles.paging}>
          {cursor && (
            <Button variant="secondary" onPress={() => goTo(undefined)}>
              {t('approvals.newest')}
            </Button>
          )}
          {page.nextCursor && (
            <Button variant="secondary" onPress={() => goTo(page.nextCursor)}>
              {t('approvals.older')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
