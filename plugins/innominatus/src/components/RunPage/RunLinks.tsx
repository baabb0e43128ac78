import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { RunLink } from '../shared';
import styles from './RunPage.module.css';

const LINKS = ['retryOf', 'retriedBy', 'undoOf', 'undoneBy'] as const;

/** The runs that this one follows, and those that follow it. */
export function RunLinks(props: { run: Run }) {
  const { run } = props;
  const t = useText();
  const links = LINKS.flatMap(kind => {
    const other = run[kind];
    return other ? [{ kind, ...other }] : [];
  });
  return links.length === 0 ? null : (
    <p className={styles.links}>
      {links.map(({ kind, id, number }) => (
        <RunLink key={kind} runId={id}>
          {t(`run.links.${kind}`, { number: String(number) })}
        </RunLink>
      ))}
    </p>
  );
}
