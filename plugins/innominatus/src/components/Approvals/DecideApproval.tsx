import { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import styles from './Approvals.module.css';
import { approvalTitle } from './approvalTitle';
import { Decision, DecisionDialog } from './DecisionDialog';

/** The two buttons; when one may not be used it says why. */
export function DecideApproval(props: {
  approval: Approval;
  onDecided?: () => void;
}) {
  const { approval, onDecided } = props;
  const t = useText();
  const [decision, setDecision] = useState<Decision>();
  const step = approvalTitle(approval, t);
  return (
    <div className={styles.actions}>
      {(['approve', 'reject'] as const).map(verb => (
        <ActionButton
          key={verb}
          variant={verb === 'approve' ? 'primary' : 'secondary'}
          aria-label={t(`approvals.dialog.${verb}.named`, { step })}
          allowed={approval.allowedActions[verb]}
          onPress={() => setDecision(verb)}
        >
          {t(`approvals.dialog.${verb}.action`)}
        </ActionButton>
      ))}
      {!approval.allowedActions.approve.allowed && (
        <span className={styles.text}>
          {approval.allowedActions.approve.reason}
        </span>
      )}
      {decision && (
        <DecisionDialog
          approval={approval}
          decision={decision}
          onClose={() => setDecision(undefined)}
          onDecided={onDecided}
        />
      )}
    </div>
  );
}
