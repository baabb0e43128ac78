import { ScrollArea } from '../shared';
import styles from './LineDiff.module.css';

const KINDS: Record<string, string> = {
  '+': 'added',
  '-': 'removed',
  '@': 'gap',
};

/** A diff that the backend made, line by line. */
export function UnifiedDiff(props: { label: string; diff: string }) {
  return (
    <ScrollArea className={styles.area} label={props.label}>
      {props.diff.split('\n').map((line, index) => (
        <span
          key={index}
          className={styles.line}
          data-kind={KINDS[line[0]] ?? 'same'}
        >
          {line}
        </span>
      ))}
    </ScrollArea>
  );
}
