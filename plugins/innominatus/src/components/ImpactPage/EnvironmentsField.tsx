import { useApi } from '@backstage/frontend-plugin-api';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { inOrder } from '../../lib/environments';
import { useText } from '../../translation';
import { FilterSelect } from '../shared';
import styles from './ImpactPage.module.css';

const LIMIT = 200;

/** Narrows the question to applications of some environments. */
export function EnvironmentsField(props: {
  values: string[];
  onChange: (values: string[]) => void;
}) {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const environments = useQuery({
    key: 'environments',
    load: async signal =>
      inOrder(
        await collectPages(cursor =>
          api.listEnvironments({ limit: LIMIT, cursor, signal }),
        ),
      ),
  });
  return (
    <div className={styles.fields}>
      <FilterSelect
        label={t('impact.environments')}
        placeholder={t('impact.allEnvironments')}
        options={(environments.data ?? []).map(({ name, title = name }) => ({
          id: name,
          label: title,
        }))}
        values={props.values}
        onChange={props.onChange}
      />
    </div>
  );
}
