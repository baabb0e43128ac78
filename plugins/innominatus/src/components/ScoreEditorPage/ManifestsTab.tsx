import { Button } from '@backstage/ui';
import {
  renderWorkload,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo } from 'react';
import { downloadText } from '../../lib/download';
import { useText } from '../../translation';
import { DiagnosticList, ScrollArea } from '../shared';
import { BrokenFile } from './BrokenFile';
import styles from './ScoreEditorPage.module.css';
import { Reading } from './useReading';

/** The Kubernetes objects of the workload, rendered in the browser. */
export function ManifestsTab(props: { reading: Reading }) {
  const { workload } = props.reading;
  const t = useText();
  const sample = t('editor.manifests.sample');
  const rendered = useMemo(
    () =>
      workload &&
      renderWorkload({ workload, environment: sample, resources: {} }),
    [workload, sample],
  );
  if (!rendered) {
    return <BrokenFile />;
  }
  const text = toYaml(rendered.manifests);
  return (
    <>
      <p className={styles.text}>{t('editor.manifests.text')}</p>
      {rendered.diagnostics.length > 0 && (
        <DiagnosticList issues={rendered.diagnostics} byPath />
      )}
      <ScrollArea
        className={styles.manifests}
        label={t('editor.manifests.label')}
      >
        <pre className={styles.yaml}>{text}</pre>
      </ScrollArea>
      <div>
        <Button
          size="small"
          variant="secondary"
          onPress={() => downloadText('manifests.yaml', text)}
        >
          {t('editor.manifests.download')}
        </Button>
      </div>
    </>
  );
}
