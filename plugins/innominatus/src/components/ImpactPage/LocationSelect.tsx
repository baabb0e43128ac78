import { useApi } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { useText } from '../../translation';
import { ErrorState } from '../shared';
import styles from './ImpactPage.module.css';

const NONE = '';

export interface LocationSelectProps {
  label: string;
  placeholder: string;
  /** How to say that no location is meant, where that is a choice. */
  none?: string;
  /** How a choice is worded; its target by itself without it. */
  labelOf?: (target: string) => string;
  value: string | undefined;
  onChange: (target: string | undefined) => void;
}

/** Chooses one of the locations of definitions. */
export function LocationSelect(props: LocationSelectProps) {
  const { label, placeholder, none, value, onChange } = props;
  const { labelOf = (target: string) => target } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const locations = useQuery({
    key: 'locations',
    load: signal =>
      collectPages(cursor => api.listLocations({ cursor, signal })),
  });
  if (locations.status === 'error') {
    return <ErrorState error={locations.error} onRetry={locations.reload} />;
  }
  if (locations.data?.length === 0 && none === undefined) {
    return <p className={styles.text}>{t('impact.noLocations')}</p>;
  }
  return (
    <Select
      className={styles.field}
      size="small"
      label={label}
      placeholder={placeholder}
      options={[
        ...(none === undefined ? [] : [{ id: NONE, label: none }]),
        ...(locations.data ?? []).map(({ target }) => ({
          id: target,
          label: labelOf(target),
        })),
      ]}
      value={value ?? (none === undefined ? null : NONE)}
      onChange={next =>
        onChange(next === null || next === NONE ? undefined : String(next))
      }
    />
  );
}
