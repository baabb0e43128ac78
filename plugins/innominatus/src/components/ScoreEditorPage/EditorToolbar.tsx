import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { countDiagnostics } from '@innominatus/backstage-plugin-innominatus-common';
import { ChangeEvent, useRef } from 'react';
import { downloadText } from '../../lib/download';
import { useText } from '../../translation';
import { StatusTag } from '../shared';
import styles from './ScoreEditorPage.module.css';
import { SAMPLE } from './sample';
import { Reading } from './useReading';

export interface EditorToolbarProps {
  text: string;
  reading: Reading;
  onText: (text: string) => void;
}

/** Whether the file is sound, and ways in and out of the editor. */
export function EditorToolbar(props: EditorToolbarProps) {
  const { text, reading, onText } = props;
  const t = useText();
  const toasts = useApi(toastApiRef);
  const input = useRef<HTMLInputElement>(null);

  const openFile = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (file) {
      onText(await file.text());
      toasts.post({
        title: t('editor.opened', { name: file.name }),
        status: 'success',
      });
    }
    event.target.value = '';
  };

  return (
    <div className={styles.toolbar}>
      <div role="status">
        <Headline reading={reading} />
      </div>
      <div className={styles.buttons}>
        <input
          ref={input}
          className={styles.file}
          type="file"
          accept=".yaml,.yml,.json"
          aria-hidden="true"
          tabIndex={-1}
          onChange={openFile}
        />
        <Button
          size="small"
          variant="secondary"
          onPress={() => input.current?.click()}
        >
          {t('editor.open')}
        </Button>
        <Button
          size="small"
          variant="secondary"
          onPress={() => downloadText('score.yaml', text)}
        >
          {t('editor.download')}
        </Button>
        <Button
          size="small"
          variant="tertiary"
          isDisabled={text === SAMPLE}
          onPress={() => {
            onText(SAMPLE);
            toasts.post({ title: t('editor.resetDone'), status: 'info' });
          }}
        >
          {t('editor.reset')}
        </Button>
      </div>
    </div>
  );
}

function Headline(props: { reading: Reading }) {
  const { diagnostics, workload } = props.reading;
  const t = useText();
  const { errors } = countDiagnostics(diagnostics);
  if (errors > 0 || !workload) {
    return (
      <StatusTag
        status="failed"
        word={t('editor.headline.broken', { count: errors })}
      />
    );
  }
  const key = diagnostics.length > 0 ? 'notes' : 'valid';
  return (
    <StatusTag
      status="succeeded"
      word={t(`editor.headline.${key}`, { name: workload.name })}
    />
  );
}
