import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// Colours are tokens of the portal, so that both themes of it fit.
const view = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--bui-fg-primary)',
    backgroundColor: 'var(--bui-bg-neutral-1)',
    fontSize: 'var(--bui-font-size-3)',
  },
  // The frame of the editor shows the focus; here the margin would cover it.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--bui-font-monospace)',
    lineHeight: '1.5',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--bui-fg-primary)' },
  '.cm-cursor': { borderLeftColor: 'var(--bui-fg-primary)' },
  '.cm-gutters': {
    color: 'var(--bui-fg-primary)',
    backgroundColor: 'var(--bui-bg-neutral-1)',
    borderRight: '1px solid var(--bui-border-1)',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'var(--bui-bg-neutral-2)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: 'var(--bui-announcement-bg-subdued)' },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--bui-fg-primary)',
    backgroundColor: 'var(--bui-bg-popover)',
    border: '1px solid var(--bui-border-2)',
    fontFamily: 'var(--bui-font-regular)',
  },
  '.cm-tooltip': { maxWidth: '32rem', borderRadius: 'var(--bui-radius-2)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--bui-fg-primary)',
    backgroundColor: 'var(--bui-bg-neutral-3)',
  },
  '.cm-diagnostic': { padding: 'var(--bui-space-2)' },
  '.cm-diagnostic-error': {
    borderLeftColor: 'var(--bui-negative-fg-subdued)',
  },
  '.cm-diagnostic-warning': {
    borderLeftColor: 'var(--bui-warning-fg-subdued)',
  },
  '.cm-diagnostic-info': {
    borderLeftColor: 'var(--bui-announcement-fg-subdued)',
  },
});

const colours = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName)],
    fontWeight: '600',
    color: 'var(--bui-fg-primary)',
  },
  { tag: [tags.string, tags.attributeValue], color: 'var(--bui-fg-primary)' },
  { tag: tags.comment, fontStyle: 'italic', color: 'var(--bui-fg-primary)' },
]);

/** How the editor looks. */
export const editorTheme = [view, syntaxHighlighting(colours)];
