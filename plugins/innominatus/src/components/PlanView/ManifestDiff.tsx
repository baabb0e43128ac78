import { PlannedManifest } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { DiffMode, LineDiff } from '../LineDiff';

/** The rendered object before and after. */
export function ManifestDiff(props: {
  manifest: PlannedManifest;
  mode: DiffMode;
}) {
  const { manifest, mode } = props;
  const t = useText();
  return (
    <LineDiff
      label={t('plan.diffOf', { kind: manifest.kind, name: manifest.name })}
      before={manifest.before ?? ''}
      after={manifest.after ?? ''}
      mode={mode}
    />
  );
}
