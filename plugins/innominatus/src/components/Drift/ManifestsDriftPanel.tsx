import {
  ApplicationDrift,
  ManifestsDrift,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { DiffModeSwitch, LineDiff, useDiffMode } from '../LineDiff';
import { Panel } from '../shared';
import styles from './Drift.module.css';
import { DriftActions } from './DriftActions';
import { DriftStatusTag } from './DriftStatusTag';

export interface ManifestsDriftPanelProps {
  application: { environment: string; name: string };
  manifests: ManifestsDrift;
  allowedActions: ApplicationDrift['allowedActions'];
  onChanged: () => void;
}

/** What became of the manifests, object by object. */
export function ManifestsDriftPanel(props: ManifestsDriftPanelProps) {
  const { manifests, ...actions } = props;
  const { accepted, message, objects } = manifests;
  const t = useText();
  const [mode, setMode] = useDiffMode();
  return (
    <Panel title={t('drift.manifests')}>
      <DriftStatusTag drift={manifests} />
      {message && <p className={styles.text}>{message}</p>}
      {accepted && (
        <p className={styles.text}>
          {t('drift.accepted', { by: accepted.by, reason: accepted.reason })}
        </p>
      )}
      {objects.length === 0 && !message && (
        <p className={styles.text}>{t('drift.manifestsSame')}</p>
      )}
      {objects.length > 0 && <DiffModeSwitch mode={mode} onChange={setMode} />}
      {objects.map(object => (
        <div
          key={`${object.apiVersion} ${object.kind} ${object.name}`}
          className={styles.item}
        >
          <strong>
            {object.kind} {object.name}
          </strong>
          <span>{t(`drift.status.${object.status}`)}</span>
          {object.status === 'drifted' && (
            <LineDiff
              label={t('plan.diffOf', {
                kind: object.kind,
                name: object.name,
              })}
              before={object.before ?? ''}
              after={object.after ?? ''}
              mode={mode}
            />
          )}
        </div>
      ))}
      <DriftActions {...actions} item={manifests} />
    </Panel>
  );
}
