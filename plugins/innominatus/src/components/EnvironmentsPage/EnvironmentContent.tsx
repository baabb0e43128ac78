import {
  ApplicationSummary,
  Resource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import styles from './EnvironmentsPage.module.css';

export interface EnvironmentContentProps {
  applications: ApplicationSummary[];
  resources: Resource[];
}

/** What goes away with an environment: its applications, each with its resources. */
export function EnvironmentContent(props: EnvironmentContentProps) {
  const { applications, resources } = props;
  const t = useText();
  if (applications.length === 0 && resources.length === 0) {
    return <p className={styles.text}>{t('environments.end.nothing')}</p>;
  }
  const names = applications.map(({ name }) => name);
  const others = resources.filter(({ workload }) => !names.includes(workload));
  return (
    <>
      <p className={styles.text}>{t('environments.end.goes')}</p>
      <ul className={styles.content}>
        {names.map(name => (
          <li key={name}>
            {t('environments.end.application', { name })}
            <Resources
              resources={resources.filter(({ workload }) => workload === name)}
            />
          </li>
        ))}
        {others.length > 0 && (
          <li>
            {t('environments.end.shared')}
            <Resources resources={others} />
          </li>
        )}
      </ul>
    </>
  );
}

function Resources(props: { resources: Resource[] }) {
  const t = useText();
  return (
    <ul className={styles.content}>
      {props.resources.map(({ id, type, name, management }) => (
        <li key={id}>
          {t(
            management === 'external'
              ? 'plan.removal.externalResource'
              : 'plan.removal.resource',
            { type, name },
          )}
        </li>
      ))}
    </ul>
  );
}
