import { TextField } from '@backstage/ui';
import { useText } from '../../translation';
import styles from './ImpactPage.module.css';
import { LocationSelect } from './LocationSelect';

export interface BranchChoice {
  location?: string;
  ref: string;
}

/** A branch, tag or commit, and the location that it belongs to. */
export function BranchFields(props: {
  value: BranchChoice;
  onChange: (value: BranchChoice) => void;
}) {
  const { value, onChange } = props;
  const t = useText();
  return (
    <div className={styles.fields}>
      <LocationSelect
        label={t('impact.location')}
        placeholder={t('impact.chooseLocation')}
        value={value.location}
        onChange={location => onChange({ ...value, location })}
      />
      <TextField
        className={styles.field}
        size="small"
        label={t('impact.ref')}
        value={value.ref}
        onChange={ref => onChange({ ...value, ref })}
      />
    </div>
  );
}
