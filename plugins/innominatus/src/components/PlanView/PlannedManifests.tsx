import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';
import {
  Plan,
  PlannedManifest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { DiffModeSwitch, useDiffMode } from '../LineDiff';
import { Panel } from '../shared';
import { ManifestDiff } from './ManifestDiff';

/** Rendered objects, those that change first; a click shows how. */
export function PlannedManifests(props: { plan: Plan }) {
  const { manifests } = props.plan;
  const t = useText();
  const [mode, setMode] = useDiffMode();
  const isKept = ({ action }: PlannedManifest) => action === 'keep';
  const kept = manifests.filter(isKept);
  const changed = manifests.filter(manifest => !isKept(manifest));
  return (
    <Panel
      title={t('plan.manifestsCount', {
        number: String(manifests.length),
        changed: String(changed.length),
      })}
    >
      {manifests.length === 0 && <span>{t('plan.manifestsEmpty')}</span>}
      {manifests.length > 0 && (
        <DiffModeSwitch mode={mode} onChange={setMode} />
      )}
      {[...changed, ...kept].map(manifest => (
        <Accordion key={`${manifest.kind}/${manifest.name}`}>
          <AccordionTrigger
            title={`${t(`plan.action.${manifest.action}`)} ${manifest.kind} ${manifest.name} (${manifest.apiVersion})`}
          />
          <AccordionPanel>
            <ManifestDiff manifest={manifest} mode={mode} />
          </AccordionPanel>
        </Accordion>
      ))}
    </Panel>
  );
}
