import { PolicyDefinition } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { ScrollArea } from '../shared';
import styles from './PoliciesPage.module.css';

/** The conditions of a policy, with what it says when one is not true. */
export function RulesTable(props: { policy: PolicyDefinition }) {
  const { name, title = name, rules } = props.policy;
  const t = useText();
  return (
    <ScrollArea
      className={styles.tableArea}
      label={`${t('policies.rules')}: ${title}`}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('policies.rule')}</th>
            <th scope="col">{t('policies.message')}</th>
            <th scope="col">{t('policies.expression')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map(rule => (
            <tr key={rule.name}>
              <th scope="row">{rule.name}</th>
              <td>{rule.message}</td>
              <td>
                <code className={styles.expression}>{rule.expression}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
