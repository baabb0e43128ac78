import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { migrateFile } from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo } from 'react';
import { downloadText } from '../../lib/download';
import { useText } from '../../translation';
import { DiffModeSwitch, LineDiff, useDiffMode } from '../LineDiff';
import { DiagnosticList, Panel, ScrollArea } from '../shared';
import styles from './ScoreEditorPage.module.css';

export interface MigrateTabProps {
  text: string;
  onText: (text: string) => void;
}

/** The file in the canonical form, beside what is written now. */
export function MigrateTab(props: MigrateTabProps) {
  const { text, onText } = props;
  const t = useText();
  const toasts = useApi(toastApiRef);
  const [mode, setMode] = useDiffMode();
  const migrated = useMemo(() => migrateFile(text), [text]);
  const { changes, diagnostics, extracted, remaining } = migrated;
  if (diagnostics.length > 0 || changes.length === 0) {
    return (
      <>
        <p className={styles.text}>{t('editor.migrate.text')}</p>
        <p className={styles.text}>
          {t(
            diagnostics.length > 0
              ? 'editor.migrate.unreadable'
              : 'editor.migrate.nothing',
          )}
        </p>
      </>
    );
  }
  return (
    <>
      <p className={styles.text}>{t('editor.migrate.text')}</p>
      <Panel title={t('editor.migrate.changes')}>
        <ul className={styles.risks}>
          {changes.map((change, index) => (
            <li key={index}>{change}</li>
          ))}
        </ul>
        <div>
          <Button
            variant="primary"
            onPress={() => {
              onText(migrated.text);
              toasts.post({
                title: t('editor.migrate.applied', { count: changes.length }),
                status: 'success',
              });
            }}
          >
            {t('editor.migrate.apply')}
          </Button>
        </div>
      </Panel>
      {extracted.length > 0 && (
        <Panel title={t('editor.migrate.extracted')}>
          <p className={styles.text}>{t('editor.migrate.extractedText')}</p>
          {extracted.map(part => (
            <div key={part.file} className={styles.part}>
              <ScrollArea className={styles.manifests} label={part.file}>
                <pre className={styles.yaml}>{part.text}</pre>
              </ScrollArea>
              <div>
                <Button
                  size="small"
                  variant="secondary"
                  onPress={() => downloadText(part.file, part.text)}
                >
                  {t('editor.migrate.downloadPart', { file: part.file })}
                </Button>
              </div>
            </div>
          ))}
        </Panel>
      )}
      {remaining.length > 0 && (
        <Panel title={t('editor.migrate.remaining')}>
          <DiagnosticList issues={remaining} />
        </Panel>
      )}
      <Panel title={t('editor.migrate.diff')}>
        <DiffModeSwitch mode={mode} onChange={setMode} />
        <LineDiff
          label={t('editor.migrate.lines')}
          before={text}
          after={migrated.text}
          mode={mode}
        />
      </Panel>
    </>
  );
}
