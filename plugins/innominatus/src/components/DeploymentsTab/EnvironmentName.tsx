import { Environment } from '@innominatus/backstage-plugin-innominatus-common';
import { isProduction } from '../../lib/environments';
import { useText } from '../../translation';
import styles from './DeploymentsTab.module.css';

/** Production is marked by a word in a border, not by colour alone. */
export function EnvironmentName(props: { environment: Environment }) {
  const { environment } = props;
  const t = useText();
  return (
    <div className={styles.cell}>
      <span className={styles.name} title={environment.description}>
        {environment.title ?? environment.name}
      </span>
      {isProduction(environment) && (
        <span className={styles.production}>
          {t('common.environment.production')}
        </span>
      )}
    </div>
  );
}
