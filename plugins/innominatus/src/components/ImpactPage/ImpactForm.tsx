import { Button, Radio, RadioGroup } from '@backstage/ui';
import { ImpactRequest } from '@innominatus/backstage-plugin-innominatus-common';
import { FormEvent, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useText } from '../../translation';
import { BranchFields, BranchChoice } from './BranchFields';
import { EnvironmentsField } from './EnvironmentsField';
import { ChosenFiles, FilesFields } from './FilesFields';
import styles from './ImpactPage.module.css';

const SOURCES = ['files', 'branch'] as const;
type Source = (typeof SOURCES)[number];

export interface ImpactFormProps {
  isPending: boolean;
  onAsk: (request: ImpactRequest) => void;
}

/** Says which definitions are meant: files, or another branch of a location. */
export function ImpactForm(props: ImpactFormProps) {
  const { isPending, onAsk } = props;
  const t = useText();
  const [search] = useSearchParams();
  const [source, setSource] = useState<Source>('files');
  const [chosen, setChosen] = useState<ChosenFiles>({
    files: [],
    name: search.get('file') ?? t('impact.pasted'),
    text: '',
  });
  const [branch, setBranch] = useState<BranchChoice>({ ref: '' });
  const [environments, setEnvironments] = useState<string[]>([]);
  const [isTried, setTried] = useState(false);
  const request =
    source === 'files' ? requestOfFiles(chosen) : requestOfBranch(branch);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(!request);
    if (request) {
      onAsk({
        ...request,
        environments: environments.length > 0 ? environments : undefined,
      });
    }
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <RadioGroup
        label={t('impact.source')}
        orientation="horizontal"
        value={source}
        onChange={value => setSource(value as Source)}
      >
        {SOURCES.map(name => (
          <Radio key={name} value={name}>
            {t(`impact.from.${name}`)}
          </Radio>
        ))}
      </RadioGroup>
      {source === 'files' ? (
        <FilesFields value={chosen} onChange={setChosen} />
      ) : (
        <BranchFields value={branch} onChange={setBranch} />
      )}
      <EnvironmentsField values={environments} onChange={setEnvironments} />
      {isTried && !request && (
        <p role="alert" className={styles.text}>
          {t(`impact.missing.${source}`)}
        </p>
      )}
      <div>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('impact.ask')}
        </Button>
      </div>
    </form>
  );
}

function requestOfFiles(chosen: ChosenFiles): ImpactRequest | undefined {
  const { files, name, text, location } = chosen;
  const all = [
    ...files,
    ...(text.trim() === '' ? [] : [{ name: name.trim() || 'file.yaml', text }]),
  ];
  return all.length > 0 ? { files: all, location } : undefined;
}

function requestOfBranch(branch: BranchChoice): ImpactRequest | undefined {
  const { location } = branch;
  const ref = branch.ref.trim();
  return location !== undefined && ref !== '' ? { location, ref } : undefined;
}
