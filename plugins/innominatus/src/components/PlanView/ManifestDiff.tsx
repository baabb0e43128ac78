import { PlannedManifest } from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo } from 'react';
import { DiffLine, diffLines } from '../../lib/lineDiff';
import { useText } from '../../translation';
import { ScrollArea } from '../shared';
import styles from './PlanView.module.css';

const SIGNS = { same: ' ', added: '+', removed: '-' } as const;

/** The rendered object before and after, as a unified diff. */
export function ManifestDiff(props: { manifest: PlannedManifest }) {
  const { manifest } = props;
  const t = useText();
  const lines = useMemo(
    () => diffLines(manifest.before ?? '', manifest.after ?? ''),
    [manifest.before, manifest.after],
  );
  const write = (line: DiffLine) =>
    line.kind === 'gap'
      ? t('plan.unchangedLines', { count: line.count })
      : `${SIGNS[line.kind]} ${line.text}`;
  return (
    <ScrollArea
      className={styles.diff}
      label={t('plan.diffOf', {
        kind: manifest.kind,
        name: manifest.name,
      })}
    >
      {lines.map((line, index) => (
        <span key={index} className={styles.diffLine} data-kind={line.kind}>
          {write(line)}
        </span>
      ))}
    </ScrollArea>
  );
}
