import { ApprovalState } from '@innominatus/backstage-plugin-innominatus-common';
import { AnyStatus } from '../../lib/status';
import { useText } from '../../translation';
import { StatusTag } from '../shared';

const STATUS: Record<ApprovalState, AnyStatus> = {
  pending: 'waiting',
  approved: 'succeeded',
  rejected: 'failed',
  expired: 'failed',
  cancelled: 'cancelled',
};

/** The state of an approval as icon, word and colour. */
export function ApprovalStateTag(props: { state: ApprovalState }) {
  const { state } = props;
  const t = useText();
  return (
    <StatusTag status={STATUS[state]} word={t(`approvals.state.${state}`)} />
  );
}
