import { Skeleton } from '@backstage/ui';
import { useText } from '../../translation';
import { HiddenText } from './HiddenText';
import styles from './shared.module.css';

/** Stands where rows will be, so that the page does not jump. */
export function ListSkeleton(props: { rows?: number; height?: number }) {
  const { rows = 4, height = 36 } = props;
  const t = useText();
  return (
    <div className={styles.skeleton} role="status">
      <HiddenText>{t('common.loading')}</HiddenText>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} width="100%" height={height} />
      ))}
    </div>
  );
}
