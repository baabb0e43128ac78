import { useText } from '../../translation';
import { EmptyState } from '../shared';

/** Stands where something would be, if the file had no errors. */
export function BrokenFile() {
  const t = useText();
  return (
    <EmptyState title={t('editor.brokenTitle')} text={t('editor.brokenText')} />
  );
}
