import { PropsWithChildren, useId } from 'react';
import styles from './shared.module.css';

/** A part of a page with a heading of its own. */
export function Panel(props: PropsWithChildren<{ title: string }>) {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h3 id={id} className={styles.panelTitle}>
        {props.title}
      </h3>
      {props.children}
    </section>
  );
}
