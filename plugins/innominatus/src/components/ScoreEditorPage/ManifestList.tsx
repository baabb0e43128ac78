import {
  KubernetesObject,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { CopyButton, ScrollArea } from '../shared';
import styles from './ScoreEditorPage.module.css';

/** Objects in the order in which they are applied, each to be copied alone. */
export function ManifestList(props: { manifests: KubernetesObject[] }) {
  const t = useText();
  return (
    <ScrollArea
      className={styles.manifests}
      label={t('editor.manifests.label')}
    >
      {props.manifests.map(manifest => {
        const name = `${manifest.kind} ${manifest.metadata.name}`;
        const text = toYaml([manifest]);
        return (
          <section
            key={`${manifest.apiVersion} ${name}`}
            className={styles.manifest}
            aria-label={name}
          >
            <div className={styles.manifestHead}>
              <strong>{name}</strong>
              <CopyButton name={name} text={text} />
            </div>
            <pre className={styles.yaml}>{text}</pre>
          </section>
        );
      })}
    </ScrollArea>
  );
}
