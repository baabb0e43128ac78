import { Button } from '@backstage/ui';
import { Impact } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { DiagnosticList, ErrorState, Panel, StatusTag } from '../shared';
import { ApplicationImpactCard } from './ApplicationImpactCard';
import { ChangedDefinitions } from './ChangedDefinitions';
import styles from './ImpactPage.module.css';

export interface ImpactResultProps {
  impact: Impact;
  /** More applications are looked at. */
  isPending: boolean;
  error?: Error;
  onMore: () => void;
}

/** What is wrong with the change, what it is, and whom it meets. */
export function ImpactResult(props: ImpactResultProps) {
  const { impact, isPending, error, onMore } = props;
  const { definitions, problems, items, looked, nextCursor } = impact;
  const t = useText();
  return (
    <>
      {problems.length > 0 && (
        <Panel title={t('impact.problems')}>
          <DiagnosticList issues={problems} />
        </Panel>
      )}
      <ChangedDefinitions definitions={definitions} />
      <Panel title={t('impact.applications')}>
        <div role="status">
          <StatusTag
            status={items.length > 0 ? 'degraded' : 'succeeded'}
            word={
              items.length > 0
                ? t('impact.count', {
                    number: String(items.length),
                    looked: String(looked),
                  })
                : t('impact.noApplications')
            }
          />
        </div>
        {items.length > 0 && (
          <ul className={styles.cards}>
            {items.map(item => (
              <li key={`${item.environment}/${item.name}`}>
                <ApplicationImpactCard application={item} />
              </li>
            ))}
          </ul>
        )}
        {error && <ErrorState title={t('impact.failed')} error={error} />}
        {nextCursor !== undefined && (
          <div>
            <Button variant="secondary" isPending={isPending} onPress={onMore}>
              {t('impact.more')}
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}
