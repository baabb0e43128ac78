import { Link } from '@backstage/ui';
import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { useNow } from '../../hooks';
import { isMoving } from '../../lib/status';
import { useText } from '../../translation';
import { Panel, StatusTag } from '../shared';
import { itemsByStep, progressOf } from './items';
import styles from './RunPage.module.css';
import { stepStatusDetail } from './statusDetail';
import { RunViewControl } from './useRunView';

const TICK_MS = 1000;

export interface StepItemsProps {
  run: Run;
  step?: RunStep;
  control: RunViewControl;
}

/** The items of a step that runs once for each, with the state of each. */
export function StepItems(props: StepItemsProps) {
  const { run, step, control } = props;
  const t = useText();
  const items = (step && itemsByStep(run).get(step.name)) ?? [];
  const now = useNow(
    TICK_MS,
    items.some(item => isMoving(item.status)),
  );
  if (items.length === 0) {
    return null;
  }
  return (
    <Panel title={t('run.items.title', { progress: progressOf(items) })}>
      <ul className={styles.list}>
        {items.map(item => (
          <li key={item.name} className={styles.listItem}>
            <Link href={control.linkTo({ step: item.name })}>
              {item.title ?? item.name}
            </Link>
            <StatusTag
              status={item.status}
              detail={stepStatusDetail(item, now, t)}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
