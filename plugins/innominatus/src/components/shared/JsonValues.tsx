import {
  JsonValue,
  isSecretReference,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import styles from './shared.module.css';

/** Names and values; objects are written as JSON, secrets are not written. */
export function JsonValues(props: { values: Record<string, JsonValue> }) {
  const t = useText();
  return (
    <dl className={styles.values}>
      {Object.entries(props.values).map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{formatJsonValue(value, t('plan.secret'), t('plan.empty'))}</dd>
        </div>
      ))}
    </dl>
  );
}

export function formatJsonValue(
  value: JsonValue | undefined,
  secret: string,
  empty: string,
): string {
  if (value === undefined || value === '') {
    return empty;
  }
  if (isSecretReference(value)) {
    return secret;
  }
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
