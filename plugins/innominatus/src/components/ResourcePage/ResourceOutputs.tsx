import { Button } from '@backstage/ui';
import {
  JsonValue,
  Resource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { Panel, formatJsonValue } from '../shared';
import { RevealDialog } from './RevealDialog';
import styles from './ResourcePage.module.css';

const MASK = '••••';

/** What the resource gives to workloads; secrets are shown on request only. */
export function ResourceOutputs(props: { resource: Resource }) {
  const { resource } = props;
  const t = useText();
  const [revealed, setRevealed] = useState<string>();
  const outputs = Object.entries(resource.outputs);
  return (
    <Panel title={t('resources.outputs')}>
      {outputs.length === 0 ? (
        <span>{t('resources.noOutputs')}</span>
      ) : (
        <dl className={styles.outputs}>
          {outputs.map(([name, value]) => (
            <div key={name} className={styles.output}>
              <dt>{name}</dt>
              <dd>
                <span className={styles.mono}>
                  {formatJsonValue(value, t('plan.secret'), t('plan.empty'))}
                </span>
                {isSecret(value) && (
                  <Button
                    size="small"
                    variant="secondary"
                    aria-label={t('resources.reveal.named', { name })}
                    onPress={() => setRevealed(name)}
                  >
                    {t('resources.reveal.action')}
                  </Button>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {revealed !== undefined && (
        <RevealDialog
          resourceId={resource.id}
          output={revealed}
          onClose={() => setRevealed(undefined)}
        />
      )}
    </Panel>
  );
}

function isSecret(value: JsonValue): boolean {
  return JSON.stringify(value).includes(MASK);
}
