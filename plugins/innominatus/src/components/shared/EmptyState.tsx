import { Text } from '@backstage/ui';
import { PropsWithChildren } from 'react';
import styles from './shared.module.css';

export interface EmptyStateProps {
  title: string;
  text?: string;
}

/** An empty list that says what will fill it; children are the next step. */
export function EmptyState(props: PropsWithChildren<EmptyStateProps>) {
  return (
    <div className={styles.state}>
      <Text as="p" variant="body-large" weight="bold">
        {props.title}
      </Text>
      {props.text && (
        <Text as="p" variant="body-medium">
          {props.text}
        </Text>
      )}
      {props.children && <div className={styles.actions}>{props.children}</div>}
    </div>
  );
}
