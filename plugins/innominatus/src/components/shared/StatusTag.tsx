import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiErrorWarningFill,
  RiLoader4Line,
  RiPauseCircleFill,
  RiSkipForwardLine,
  RiStopCircleLine,
  RiSubtractLine,
  RiTimeLine,
} from '@remixicon/react';
import { AnyStatus, toneOf } from '../../lib/status';
import { useText } from '../../translation';
import styles from './StatusTag.module.css';

/** The sign of a state; the same one in tags, tables and graphs. */
export function iconOf(status: AnyStatus) {
  switch (status) {
    case 'running':
      return RiLoader4Line;
    case 'waiting':
      return RiPauseCircleFill;
    case 'succeeded':
      return RiCheckboxCircleFill;
    case 'failed':
      return RiCloseCircleFill;
    case 'skipped':
      return RiSkipForwardLine;
    case 'cancelled':
      return RiStopCircleLine;
    case 'none':
      return RiSubtractLine;
    case 'pending':
    case 'queued':
      return RiTimeLine;
    default:
      return RiErrorWarningFill;
  }
}

export interface StatusTagProps {
  status: AnyStatus;
  /** What belongs to the word: `in 2 m 03 s`, the reason of a wait. */
  detail?: string;
  /** Instead of the name of the state. */
  word?: string;
}

/** A state as icon, word and colour. */
export function StatusTag(props: StatusTagProps) {
  const { status, detail, word } = props;
  const t = useText();
  const Icon = iconOf(status);
  return (
    <span className={styles.tag} data-tone={toneOf(status)}>
      <Icon
        className={styles.icon}
        size={16}
        aria-hidden
        data-turning={status === 'running' || undefined}
      />
      <span>
        <span className={styles.word}>
          {word ?? t(`common.status.${status}`)}
        </span>
        {detail && <span className={styles.detail}> {detail}</span>}
      </span>
    </span>
  );
}
