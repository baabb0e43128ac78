import { useApi } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useText } from '../../translation';
import { PlanView } from '../PlanView';
import { ErrorState, ListSkeleton } from '../shared';
import { BrokenFile } from './BrokenFile';
import { EnvironmentSelect, useEnvironments } from './EnvironmentSelect';
import styles from './ScoreEditorPage.module.css';
import { Reading } from './useReading';

type State =
  | { status: 'idle' | 'planning' }
  | { status: 'failed'; error: Error }
  | { status: 'planned'; plan: Plan; text: string };

/** What deploying the file would change, in an environment of choice. */
export function PlanTab(props: { reading: Reading }) {
  const { text, workload } = props.reading;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const environments = useEnvironments();
  const [environment, setEnvironment] = useState<string>();
  const [state, setState] = useState<State>({ status: 'idle' });
  if (!workload) {
    return <BrokenFile />;
  }
  const { name } = workload;
  const makePlan = async () => {
    if (environment === undefined) {
      return;
    }
    setState({ status: 'planning' });
    try {
      const plan = await api.plan(
        { environment, name },
        { action: 'deploy', score: text },
      );
      setState({ status: 'planned', plan, text });
    } catch (error) {
      setState({ status: 'failed', error: error as Error });
    }
  };
  return (
    <>
      <p className={styles.text}>{t('editor.plan.text')}</p>
      {environments.status === 'error' && (
        <ErrorState error={environments.error} onRetry={environments.reload} />
      )}
      {environments.data?.length === 0 && (
        <p className={styles.text}>{t('editor.plan.noEnvironments')}</p>
      )}
      {environments.data && environments.data.length > 0 && (
        <div className={styles.controls}>
          <EnvironmentSelect
            environments={environments.data}
            value={environment}
            onChange={chosen => {
              setEnvironment(chosen);
              setState({ status: 'idle' });
            }}
          />
          <Button
            variant="primary"
            aria-label={t('editor.plan.makeNamed', { name })}
            isDisabled={environment === undefined}
            isPending={state.status === 'planning'}
            onPress={makePlan}
          >
            {t('editor.plan.make')}
          </Button>
        </div>
      )}
      {state.status === 'planning' && <ListSkeleton />}
      {state.status === 'failed' && (
        <ErrorState
          error={state.error}
          title={t('plan.failedTitle')}
          onRetry={makePlan}
        />
      )}
      {state.status === 'planned' && (
        <>
          {state.text !== text && (
            <Alert status="warning" icon title={t('editor.plan.outdated')} />
          )}
          <PlanView plan={state.plan} />
        </>
      )}
    </>
  );
}
