import { useSidebarOpenState } from '@backstage/core-components';
import { PropsWithChildren } from 'react';
import styles from './nav.module.css';

export const ORCHESTRATOR = 'Platform orchestrator';

/** The pages of innominatus under their common name. */
export function OrchestratorGroup(props: PropsWithChildren<{}>) {
  const { isOpen } = useSidebarOpenState();
  return (
    <div role="group" aria-label={ORCHESTRATOR}>
      {isOpen && (
        <div className={styles.groupLabel} aria-hidden="true">
          {ORCHESTRATOR}
        </div>
      )}
      {props.children}
    </div>
  );
}
