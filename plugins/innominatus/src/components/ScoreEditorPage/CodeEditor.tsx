import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';
import { forwardRef, useEffect, useImperativeHandle, useRef } from 'react';
import { editorDiagnostics, offsetOf } from './editorDiagnostics';
import { editorTheme } from './editorTheme';
import styles from './ScoreEditorPage.module.css';
import { completeScore } from './scoreCompletion';

/** What the rest of the page may ask of the editor. */
export interface CodeEditorHandle {
  goTo: (line: number, column: number) => void;
  focus: () => void;
}

export interface CodeEditorProps {
  text: string;
  label: string;
  /** Id of the element that says how to leave the editor. */
  describedBy: string;
  diagnostics: readonly Diagnostic[];
  onChange: (text: string) => void;
}

/** An editor for YAML; what is wrong is underlined and marked in the margin. */
export const CodeEditor = forwardRef<CodeEditorHandle, CodeEditorProps>(
  (props, ref) => {
    const { text, label, describedBy, diagnostics } = props;
    const root = useRef<HTMLDivElement>(null);
    const editor = useRef<EditorView>();
    const latest = useRef(props);
    latest.current = props;

    useEffect(() => {
      const view = new EditorView({
        parent: root.current ?? undefined,
        state: EditorState.create({
          doc: latest.current.text,
          extensions: extensionsOf({ label, describedBy }, changed =>
            latest.current.onChange(changed),
          ),
        }),
      });
      editor.current = view;
      return () => view.destroy();
    }, [label, describedBy]);

    useEffect(() => {
      const view = editor.current;
      const current = view?.state.doc.toString();
      if (view && current !== text) {
        // One change, so that undo brings back what was there before.
        view.dispatch({
          changes: { from: 0, to: view.state.doc.length, insert: text },
        });
      }
    }, [text]);

    useEffect(() => {
      const view = editor.current;
      view?.dispatch(
        setDiagnostics(
          view.state,
          editorDiagnostics(view.state.doc, diagnostics),
        ),
      );
    }, [diagnostics]);

    useImperativeHandle(ref, () => ({
      focus: () => editor.current?.focus(),
      goTo: (line, column) => {
        const view = editor.current;
        if (view) {
          view.dispatch({
            selection: { anchor: offsetOf(view.state.doc, line, column) },
            scrollIntoView: true,
          });
          view.focus();
        }
      },
    }));
    return <div ref={root} className={styles.editor} />;
  },
);

function extensionsOf(
  names: { label: string; describedBy: string },
  onChange: (text: string) => void,
) {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [completeScore] }),
    highlightActiveLine(),
    highlightSelectionMatches(),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    yaml(),
    editorTheme,
    EditorView.contentAttributes.of({
      'aria-label': names.label,
      'aria-describedby': names.describedBy,
    }),
    EditorView.updateListener.of(update => {
      if (update.docChanged) {
        onChange(update.state.doc.toString());
      }
    }),
  ];
}
