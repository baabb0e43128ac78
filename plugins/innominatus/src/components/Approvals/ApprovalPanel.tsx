import { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { PropsWithChildren } from 'react';
import { useText } from '../../translation';
import { Panel, PersonLink, RelativeTime } from '../shared';
import styles from './Approvals.module.css';
import { approvalTitle } from './approvalTitle';
import { ApprovalDecisionList } from './ApprovalDecisionList';
import { ApprovalStateTag } from './ApprovalStateTag';
import { DecideApproval } from './DecideApproval';

export interface ApprovalPanelProps {
  approval: Approval;
  /** After the decision was taken in. */
  onDecided?: () => void;
}

/** What is asked, of whom, what was answered, and the buttons to answer. */
export function ApprovalPanel(props: ApprovalPanelProps) {
  const { approval, onDecided } = props;
  const t = useText();
  const { quorum, missing, expiresAt, decidedAt } = approval;
  const step = approvalTitle(approval, t);
  const pending = approval.state === 'pending';
  const interrupted = approval.kind === 'interrupted';
  return (
    <Panel
      title={t(interrupted ? 'approvals.titleInterrupted' : 'approvals.title', {
        step,
      })}
    >
      <div className={styles.body}>
        <ApprovalStateTag state={approval.state} />
        {interrupted && pending && (
          <p className={styles.text}>{t('approvals.interrupted')}</p>
        )}
        {approval.message && (
          <p className={styles.question}>{approval.message}</p>
        )}
        <dl className={styles.facts}>
          <Fact label={t('approvals.facts.approvers')}>
            <Approvers approval={approval} />
          </Fact>
          <Fact label={t('approvals.facts.requester')}>
            <PersonLink person={approval.requester} />
            {!approval.allowRequester && (
              <span>({t('approvals.notRequester')})</span>
            )}
          </Fact>
          {pending && (
            <Fact label={t('approvals.facts.given')}>
              {t('approvals.given', {
                given: String(quorum - missing),
                quorum: String(quorum),
              })}
            </Fact>
          )}
          {pending && expiresAt && (
            <Fact label={t('approvals.facts.until')}>
              <RelativeTime time={expiresAt} />
            </Fact>
          )}
          {decidedAt && (
            <Fact label={t('approvals.facts.decided')}>
              <RelativeTime time={decidedAt} />
            </Fact>
          )}
        </dl>
        <ApprovalDecisionList decisions={approval.decisions} />
        {pending && (
          <DecideApproval approval={approval} onDecided={onDecided} />
        )}
      </div>
    </Panel>
  );
}

function Fact(props: PropsWithChildren<{ label: string }>) {
  return (
    <div className={styles.fact}>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Approvers(props: { approval: Approval }) {
  const { approvers } = props.approval;
  const t = useText();
  return approvers ? (
    <ul className={styles.people}>
      {approvers.map(ref => (
        <li key={ref}>
          <PersonLink person={ref} />
        </li>
      ))}
    </ul>
  ) : (
    <span>{t('approvals.anybody')}</span>
  );
}
