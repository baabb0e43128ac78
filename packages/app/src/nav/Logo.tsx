import styles from './nav.module.css';

/** Two steps that lead to a third: the mark, and the name beside it. */
export function Logo(props: { full: boolean }) {
  const width = props.full ? 190 : 32;
  return (
    <svg
      className={styles.mark}
      width={width}
      height={32}
      viewBox={`0 0 ${width} 32`}
      aria-hidden="true"
    >
      <path
        d="M9 9 L23 16 M9 23 L23 16"
        stroke="currentColor"
        strokeWidth={2.5}
        fill="none"
      />
      <circle cx={8} cy={8} r={4.5} fill="currentColor" />
      <circle cx={8} cy={24} r={4.5} fill="currentColor" />
      <circle cx={24} cy={16} r={6} className={styles.accent} />
      {props.full && (
        <text x={42} y={22} className={styles.name}>
          innominatus
        </text>
      )}
    </svg>
  );
}
