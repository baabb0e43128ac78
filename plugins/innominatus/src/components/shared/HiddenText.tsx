import { PropsWithChildren } from 'react';
import styles from './shared.module.css';

/** Text for screen readers that may stand inside a paragraph or a link. */
export function HiddenText(props: PropsWithChildren<{}>) {
  return <span className={styles.hidden}>{props.children}</span>;
}
