import { Select } from '@backstage/ui';
import styles from './shared.module.css';

export interface FilterSelectProps {
  label: string;
  placeholder: string;
  options: Array<{ id: string; label: string }>;
  values: string[];
  onChange: (values: string[]) => void;
}

/** Narrows a list to some values of one field. */
export function FilterSelect(props: FilterSelectProps) {
  const { label, placeholder, options, values, onChange } = props;
  // A value of the URL stays to be seen and removed, whatever the backend knows.
  const unknown = values
    .filter(value => options.every(option => option.id !== value))
    .map(value => ({ id: value, label: value }));
  return (
    <Select
      className={styles.filter}
      size="small"
      label={label}
      placeholder={placeholder}
      selectionMode="multiple"
      options={[...options, ...unknown]}
      value={values}
      onChange={next => onChange(next.map(String))}
    />
  );
}
