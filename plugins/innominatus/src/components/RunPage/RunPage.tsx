import { Container, Header } from '@backstage/ui';
import { useParams } from 'react-router-dom';
import { useRun } from '../../hooks';
import { useText } from '../../translation';
import { ErrorState, ListSkeleton } from '../shared';
import { RunPageContent } from './RunPageContent';

/** One run: its steps on the left, what the chosen step did on the right. */
export function RunPage() {
  const { runId = '' } = useParams();
  const t = useText();
  const query = useRun(runId);
  if (query.data) {
    // A key of its own: nothing of another run stays on the page.
    return (
      <RunPageContent key={runId} run={query.data} polling={query.polling} />
    );
  }
  return (
    <main>
      <Header title={t('run.page')} />
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
