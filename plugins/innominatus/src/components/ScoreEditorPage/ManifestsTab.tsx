import { Button, TextField } from '@backstage/ui';
import {
  generateManifests,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo, useState } from 'react';
import { useDebounced } from '../../hooks';
import { downloadText } from '../../lib/download';
import { useText } from '../../translation';
import { CopyButton, DiagnosticList } from '../shared';
import { BrokenFile } from './BrokenFile';
import { ManifestList } from './ManifestList';
import styles from './ScoreEditorPage.module.css';
import { Reading } from './useReading';

const SETTLE_MS = 300;
/** An image "." is only known when somebody deploys. */
const OPEN_IMAGE = 'SCORE_IMAGE_MISSING';

/**
 * All Kubernetes objects of the file, made in the browser: the same as
 * `innominatus generate` prints, with resources of the simulator.
 */
export function ManifestsTab(props: { reading: Reading }) {
  const { diagnostics: findings, text: score } = props.reading;
  const t = useText();
  const [choice, setChoice] = useState({
    environment: '',
    namespace: '',
    image: '',
  });
  const settled = useDebounced(choice, SETTLE_MS);
  const needsImage = findings.some(({ code }) => code === OPEN_IMAGE);
  const isBroken = findings.some(
    ({ code, severity }) => severity === 'error' && code !== OPEN_IMAGE,
  );
  const { manifests, diagnostics } = useMemo(
    () =>
      generateManifests({
        specs: [{ score, file: 'score.yaml' }],
        environment: settled.environment || undefined,
        namespace: settled.namespace || undefined,
        image: settled.image || undefined,
      }),
    [score, settled],
  );
  if (isBroken) {
    return <BrokenFile />;
  }
  const text = toYaml(manifests);
  const field = (name: keyof typeof choice, placeholder?: string) => (
    <TextField
      className={styles.select}
      size="small"
      label={t(`editor.manifests.${name}`)}
      placeholder={placeholder}
      value={choice[name]}
      onChange={value => setChoice({ ...choice, [name]: value.trim() })}
    />
  );
  return (
    <>
      <p className={styles.text}>{t('editor.manifests.text')}</p>
      <div className={styles.controls}>
        {field('environment', 'development')}
        {field('namespace', 'default')}
        {needsImage && field('image')}
      </div>
      {diagnostics.length > 0 && <DiagnosticList issues={diagnostics} />}
      {manifests.length > 0 && (
        <>
          <ManifestList manifests={manifests} />
          <div className={styles.controls}>
            <Button
              size="small"
              variant="secondary"
              onPress={() => downloadText('manifests.yaml', text)}
            >
              {t('editor.manifests.download')}
            </Button>
            <CopyButton name={t('editor.manifests.all')} text={text} />
          </div>
        </>
      )}
    </>
  );
}
