import { Alert } from '@backstage/ui';
import { PlanState, isImageMissing } from '../../hooks';
import { useText } from '../../translation';
import { PlanView } from '../PlanView';
import { DiagnosticList, ErrorState, ListSkeleton, Panel } from '../shared';
import { ImageForm } from './ImageForm';
import styles from './PlanOutcome.module.css';

export interface PlanOutcomeProps {
  state: PlanState;
  onRetry: () => void;
  /** The image that was planned with, where the Score spec leaves it open. */
  image?: string;
  /** Plans again with an image; without it nobody is asked for one. */
  onImage?: (image: string) => void;
}

/** What came of planning: the plan, or why there is none. */
export function PlanOutcome(props: PlanOutcomeProps) {
  const { state, onRetry, image, onImage } = props;
  const t = useText();
  switch (state.status) {
    case 'planning':
      return (
        <div className={styles.root} aria-live="polite">
          <span>{t('plan.loading')}</span>
          <ListSkeleton rows={6} />
        </div>
      );
    case 'failed':
      return (
        <div className={styles.root}>
          {!(onImage && isImageMissing(state.error)) && (
            <>
              <ErrorState
                title={t('plan.failedTitle')}
                error={state.error}
                onRetry={onRetry}
              />
              <IssuesOf error={state.error} />
            </>
          )}
          {onImage && (isImageMissing(state.error) || image !== undefined) && (
            <ImageForm image={image} onPlan={onImage} />
          )}
        </div>
      );
    default:
      return (
        <div className={styles.root}>
          {state.moved && (
            <Alert
              role="alert"
              status="warning"
              icon
              title={t('plan.changedTitle')}
              description={t('plan.changed')}
            />
          )}
          {state.error && (
            <ErrorState
              title={t('deployments.failed', {
                environment: state.plan.environment,
              })}
              error={state.error}
            />
          )}
          <PlanView plan={state.plan} />
        </div>
      );
  }
}

function IssuesOf(props: { error: Error }) {
  const t = useText();
  const { error } = props;
  const issues =
    'issues' in error && Array.isArray(error.issues) ? error.issues : [];
  return issues.length > 0 ? (
    <Panel title={t('plan.diagnostics')}>
      <DiagnosticList issues={issues} />
    </Panel>
  ) : null;
}
