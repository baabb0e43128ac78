import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../translation';
import { HiddenText } from '../shared';

/** Says to screen readers what changed its state; never the log. */
export function Announcements(props: { run: Run }) {
  const { run } = props;
  const t = useText();
  const [message, setMessage] = useState('');
  const before = useRef(run);

  useEffect(() => {
    const previous = before.current;
    before.current = run;
    const changes: string[] = [];
    if (previous.status !== run.status) {
      changes.push(
        t('run.announce', {
          number: String(run.number),
          status: t(`common.status.${run.status}`),
        }),
      );
    }
    for (const step of run.steps) {
      const known = previous.steps.find(other => other.name === step.name);
      if (known && known.status !== step.status) {
        changes.push(
          t('run.announceStep', {
            step: step.title ?? step.name,
            status: t(`common.status.${step.status}`),
          }),
        );
      }
    }
    if (changes.length > 0) {
      setMessage(changes.join('. '));
    }
  }, [run, t]);

  return (
    <div role="status" aria-live="polite">
      <HiddenText>{message}</HiddenText>
    </div>
  );
}
