import { Alert } from '@backstage/ui';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { stepTitle } from '../../lib/stepTitle';
import { useText } from '../../translation';
import { StepsGraph } from '../StepsGraph';
import { DiagnosticList, Panel } from '../shared';
import { PlanSummary } from './PlanSummary';
import { PlanVerdicts } from './PlanVerdicts';
import styles from './PlanView.module.css';
import { PlannedManifests } from './PlannedManifests';
import { PlannedResources } from './PlannedResources';

/** Everything a deployment would change; what destroys data comes first. */
export function PlanView(props: { plan: Plan }) {
  const { plan } = props;
  const t = useText();
  const destroyed = plan.resources.filter(
    resource =>
      // What was there already stays where it is.
      resource.action === 'delete' && resource.management !== 'external',
  );
  return (
    <div className={styles.root}>
      {destroyed.length > 0 && (
        <Alert
          status="danger"
          icon
          title={t('plan.destroysTitle')}
          description={destroyed
            .map(resource =>
              t('plan.destroys', { type: resource.type, name: resource.name }),
            )
            .join(' ')}
        />
      )}
      <PlanSummary plan={plan} />
      <PlanVerdicts plan={plan} />
      {plan.diagnostics.length > 0 && (
        <Panel title={t('plan.diagnostics')}>
          <DiagnosticList issues={plan.diagnostics} />
        </Panel>
      )}
      <PlannedResources plan={plan} />
      <PlannedManifests plan={plan} />
      <Panel title={`${t('plan.steps')} (${plan.steps.length})`}>
        <StepsGraph
          label={t('plan.stepsLabel')}
          steps={plan.steps.map(step => ({
            id: step.name,
            title: stepTitle(step),
            subtitle: step.type,
            stage: step.stage,
            dependsOn: step.dependsOn,
          }))}
        />
      </Panel>
    </div>
  );
}
