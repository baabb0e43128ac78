import { Alert } from '@backstage/ui';
import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { Workload } from '../../lib/workload';
import { useText } from '../../translation';
import { DiagnosticList } from '../shared';

export interface BrokenScoreProps {
  issues: Diagnostic[];
  workload: Workload;
}

/** What is wrong with the Score spec, and where. */
export function BrokenScore(props: BrokenScoreProps) {
  const t = useText();
  return (
    <>
      <Alert
        role="alert"
        status="danger"
        icon
        title={t('deployments.brokenTitle')}
        description={t('deployments.brokenText')}
      />
      <DiagnosticList
        issues={props.issues}
        byPath={!props.workload.scoreIsSource}
      />
    </>
  );
}
