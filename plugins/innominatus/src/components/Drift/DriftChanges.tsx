import {
  JsonValue,
  ResourceDrift,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { ScrollArea, formatJsonValue } from '../shared';
import styles from './Drift.module.css';

const MASK = '••••';

/** From what is recorded to what is there, field by field. */
export function DriftChanges(props: { changes: ResourceDrift['changes'] }) {
  const t = useText();
  const write = (value: JsonValue | undefined, isOther: boolean) =>
    value === MASK
      ? t(isOther ? 'drift.secretDiffers' : 'drift.secret')
      : formatJsonValue(value, t('plan.secret'), t('plan.empty'));
  return (
    <ScrollArea className={styles.area} label={t('drift.changes')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('drift.field')}</th>
            <th scope="col">{t('drift.recorded')}</th>
            <th scope="col">{t('drift.found')}</th>
          </tr>
        </thead>
        <tbody>
          {props.changes.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td className={styles.mono}>{write(before, false)}</td>
              <td className={styles.mono}>{write(after, true)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
