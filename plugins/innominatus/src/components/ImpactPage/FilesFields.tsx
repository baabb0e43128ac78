import { Button, ButtonIcon, TextAreaField, TextField } from '@backstage/ui';
import { RiCloseLine } from '@remixicon/react';
import { ChangeEvent, useRef, useState } from 'react';
import { useText } from '../../translation';
import styles from './ImpactPage.module.css';
import { LocationSelect } from './LocationSelect';

/** What the backend takes of one file. */
const LONGEST_FILE = 1024 * 1024;

export interface ChosenFiles {
  files: Array<{ name: string; text: string }>;
  /** A file that was pasted. */
  name: string;
  text: string;
  /** Whose files they replace; those with the same names otherwise. */
  location?: string;
}

/** Files of the disk, and one that is pasted. */
export function FilesFields(props: {
  value: ChosenFiles;
  onChange: (value: ChosenFiles) => void;
}) {
  const { value, onChange } = props;
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string[]>([]);

  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const all = [...(event.target.files ?? [])];
    const fitting = all.filter(({ size }) => size <= LONGEST_FILE);
    setRefused(all.filter(file => !fitting.includes(file)).map(f => f.name));
    const added = await Promise.all(
      fitting.map(async file => ({ name: file.name, text: await file.text() })),
    );
    const names = added.map(({ name }) => name);
    onChange({
      ...value,
      // A file that is chosen again was changed in between.
      files: [
        ...value.files.filter(({ name }) => !names.includes(name)),
        ...added,
      ],
    });
    event.target.value = '';
  };
  const remove = (name: string) =>
    onChange({
      ...value,
      files: value.files.filter(file => file.name !== name),
    });

  return (
    <>
      <div className={styles.fields}>
        <input
          ref={input}
          className={styles.file}
          type="file"
          multiple
          accept=".yaml,.yml"
          aria-hidden="true"
          tabIndex={-1}
          onChange={choose}
        />
        <Button variant="secondary" onPress={() => input.current?.click()}>
          {t('impact.choose')}
        </Button>
        {value.files.length > 0 && (
          <ul className={styles.chosen} aria-label={t('impact.chosen')}>
            {value.files.map(({ name }) => (
              <li key={name}>
                <span className={styles.mono}>{name}</span>
                <ButtonIcon
                  size="small"
                  variant="tertiary"
                  icon={<RiCloseLine />}
                  aria-label={t('impact.remove', { name })}
                  onPress={() => remove(name)}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      {refused.map(name => (
        <p key={name} role="alert" className={styles.text}>
          {t('impact.unreadable', { name })}
        </p>
      ))}
      <fieldset className={styles.paste}>
        <legend>{t('impact.paste')}</legend>
        <TextField
          className={styles.field}
          size="small"
          label={t('impact.pasteName')}
          value={value.name}
          onChange={name => onChange({ ...value, name })}
        />
        <TextAreaField
          className={styles.yaml}
          label={t('impact.pasteText')}
          rows={8}
          spellCheck="false"
          value={value.text}
          onChange={text => onChange({ ...value, text })}
        />
      </fieldset>
      <LocationSelect
        label={t('impact.replaces')}
        placeholder={t('impact.sameNames')}
        none={t('impact.sameNames')}
        labelOf={location => t('impact.allOf', { location })}
        value={value.location}
        onChange={location => onChange({ ...value, location })}
      />
    </>
  );
}
