import { useMemo } from 'react';
import { DiffLine, diffLines } from '../../lib/lineDiff';
import { SplitCell, splitDiff } from '../../lib/splitDiff';
import { useText } from '../../translation';
import { ScrollArea } from '../shared';
import styles from './LineDiff.module.css';

const SIGNS = { same: ' ', added: '+', removed: '-' } as const;

export type DiffMode = 'unified' | 'split';

export interface LineDiffProps {
  label: string;
  before: string;
  after: string;
  mode: DiffMode;
}

/** Two texts compared line by line, below or beside each other. */
export function LineDiff(props: LineDiffProps) {
  const { before, after, label, mode } = props;
  const t = useText();
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  if (lines.every(line => line.kind === 'gap')) {
    return <p className={styles.none}>{t('diff.none')}</p>;
  }
  return (
    <ScrollArea className={styles.area} label={label}>
      {mode === 'split' ? (
        <SplitLines lines={lines} />
      ) : (
        <UnifiedLines lines={lines} />
      )}
    </ScrollArea>
  );
}

function UnifiedLines(props: { lines: DiffLine[] }) {
  const t = useText();
  return (
    <>
      {props.lines.map((line, index) => (
        <span key={index} className={styles.line} data-kind={line.kind}>
          {line.kind === 'gap'
            ? t('plan.unchangedLines', { count: line.count })
            : `${SIGNS[line.kind]} ${line.text}`}
        </span>
      ))}
    </>
  );
}

function SplitLines(props: { lines: DiffLine[] }) {
  const t = useText();
  const rows = useMemo(() => splitDiff(props.lines), [props.lines]);
  return (
    <table className={styles.split}>
      <colgroup>
        <col className={styles.numbers} />
        <col />
        <col className={styles.numbers} />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" colSpan={2}>
            {t('diff.before')}
          </th>
          <th scope="col" colSpan={2}>
            {t('diff.after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) =>
          row.kind === 'gap' ? (
            <tr key={index}>
              <td colSpan={4} className={styles.gap}>
                {t('plan.unchangedLines', { count: row.count })}
              </td>
            </tr>
          ) : (
            <tr key={index}>
              <Side cell={row.before} kind="removed" />
              <Side cell={row.after} kind="added" />
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

function Side(props: { cell?: SplitCell; kind: 'added' | 'removed' }) {
  const { cell, kind } = props;
  const shown = cell?.changed ? kind : 'same';
  return (
    <>
      <td className={styles.number}>{cell?.number}</td>
      <td className={styles.text} data-kind={cell ? shown : 'absent'}>
        {cell && `${SIGNS[shown]} ${cell.text}`}
      </td>
    </>
  );
}
