import {
  CatalogIcon,
  SidebarGroup,
  useSidebarOpenState,
} from '@backstage/core-components';
import { PropsWithChildren } from 'react';
import styles from './nav.module.css';

const LABEL = 'Platform orchestrator';

/** The pages of innominatus under their common name. */
export function OrchestratorGroup(props: PropsWithChildren<{}>) {
  const { isOpen } = useSidebarOpenState();
  return (
    <SidebarGroup label={LABEL} icon={<CatalogIcon />}>
      <div role="group" aria-label={LABEL}>
        {isOpen && (
          <div className={styles.groupLabel} aria-hidden="true">
            {LABEL}
          </div>
        )}
        {props.children}
      </div>
    </SidebarGroup>
  );
}
