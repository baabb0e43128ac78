import { useRouteRefParams } from '@backstage/frontend-plugin-api';
import { Container, Header } from '@backstage/ui';
import { impactRouteRef } from '../../routes';
import { useText } from '../../translation';
import { ErrorState, ListSkeleton } from '../shared';
import { ImpactForm } from './ImpactForm';
import styles from './ImpactPage.module.css';
import { ImpactResult } from './ImpactResult';
import { ImpactSubject, useImpact } from './useImpact';

/** What changed definitions would do, before anybody merges them. */
export function ImpactPage() {
  const params = useRouteRefParams(impactRouteRef);
  const subject: ImpactSubject =
    params.subject === 'golden-paths' ? 'golden-paths' : 'providers';
  const t = useText();
  const { state, ask, more } = useImpact(subject);
  return (
    <main>
      <Header title={t(`impact.title.${subject}`)} />
      <Container pb="6">
        <div className={styles.root}>
          <p className={styles.text}>{t('impact.text')}</p>
          <ImpactForm isPending={state.status === 'asking'} onAsk={ask} />
          <div aria-live="polite" className={styles.root}>
            {state.status === 'asking' && (
              <>
                <span>{t('impact.asking')}</span>
                <ListSkeleton rows={4} />
              </>
            )}
            {state.status === 'failed' && (
              <ErrorState title={t('impact.failed')} error={state.error} />
            )}
          </div>
          {state.status === 'ready' && (
            <ImpactResult
              impact={state.impact}
              isPending={state.asking}
              error={state.error}
              onMore={more}
            />
          )}
        </div>
      </Container>
    </main>
  );
}
