import { Container } from '@backstage/ui';
import { useId, useRef } from 'react';
import { useText } from '../../translation';
import { CodeEditor, CodeEditorHandle } from './CodeEditor';
import { EditorTabs } from './EditorTabs';
import { EditorToolbar } from './EditorToolbar';
import styles from './ScoreEditorPage.module.css';
import { useReading } from './useReading';
import { useScoreDraft } from './useScoreDraft';

/** A Score file on the left, everything it means on the right. */
export function ScoreEditorPage() {
  const t = useText();
  const [text, setText] = useScoreDraft();
  const reading = useReading(text);
  const editor = useRef<CodeEditorHandle>(null);
  const helpId = useId();
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          <section className={styles.left} aria-label={t('editor.label')}>
            <EditorToolbar text={text} reading={reading} onText={setText} />
            <CodeEditor
              ref={editor}
              text={text}
              label={t('editor.label')}
              describedBy={helpId}
              diagnostics={reading.diagnostics}
              onChange={setText}
            />
            <p id={helpId} className={styles.help}>
              {t('editor.help')}
            </p>
          </section>
          <section className={styles.right} aria-label={t('editor.tabs.label')}>
            <EditorTabs
              reading={reading}
              onText={setText}
              onGoTo={(line, column) => editor.current?.goTo(line, column)}
            />
          </section>
        </div>
      </Container>
    </main>
  );
}
