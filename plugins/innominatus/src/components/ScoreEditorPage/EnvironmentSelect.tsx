import { useApi } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { Environment } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { QueryResult, useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { inOrder } from '../../lib/environments';
import { useText } from '../../translation';
import styles from './ScoreEditorPage.module.css';

const LIMIT = 200;

/** The environments in the order of the platform team. */
export function useEnvironments(): QueryResult<Environment[]> {
  const api = useApi(innominatusApiRef);
  return useQuery({
    key: 'environments',
    load: async signal =>
      inOrder(
        await collectPages(cursor =>
          api.listEnvironments({ limit: LIMIT, cursor, signal }),
        ),
      ),
  });
}

export interface EnvironmentSelectProps {
  environments: Environment[];
  value: string | undefined;
  onChange: (name: string) => void;
}

export function EnvironmentSelect(props: EnvironmentSelectProps) {
  const { environments, value, onChange } = props;
  const t = useText();
  return (
    <Select
      className={styles.select}
      size="small"
      label={t('editor.plan.environment')}
      placeholder={t('editor.plan.choose')}
      options={environments.map(({ name, title }) => ({
        id: name,
        label: title ?? name,
      }))}
      value={value ?? null}
      onChange={next => onChange(String(next))}
    />
  );
}
