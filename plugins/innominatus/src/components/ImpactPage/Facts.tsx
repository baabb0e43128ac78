import { PropsWithChildren } from 'react';
import styles from './ImpactPage.module.css';

/** Names and texts of what changes; a fact without texts is left out. */
export function Facts(props: PropsWithChildren<{}>) {
  return <dl className={styles.facts}>{props.children}</dl>;
}

export function Fact(props: { label: string; texts: string[] }) {
  const { label, texts } = props;
  return texts.length > 0 ? (
    <>
      <dt>{label}</dt>
      {texts.map(text => (
        <dd key={text}>{text}</dd>
      ))}
    </>
  ) : null;
}
