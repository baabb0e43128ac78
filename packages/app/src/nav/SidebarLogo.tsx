import { Link, useSidebarOpenState } from '@backstage/core-components';
import { Logo } from './Logo';
import styles from './nav.module.css';

export function SidebarLogo() {
  const { isOpen } = useSidebarOpenState();
  return (
    <div className={styles.logo}>
      <Link to="/" underline="none" aria-label="innominatus home">
        <Logo full={isOpen} />
      </Link>
    </div>
  );
}
