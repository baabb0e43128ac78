import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { DiffModeSwitch, useDiffMode } from '../LineDiff';
import { Panel } from '../shared';
import { ManifestDiff } from './ManifestDiff';

/** Rendered objects; those that change are open to the eye with one click. */
export function PlannedManifests(props: { plan: Plan }) {
  const { manifests } = props.plan;
  const t = useText();
  const [mode, setMode] = useDiffMode();
  return (
    <Panel title={`${t('plan.manifests')} (${manifests.length})`}>
      {manifests.length === 0 && <span>{t('plan.manifestsEmpty')}</span>}
      {manifests.length > 0 && (
        <DiffModeSwitch mode={mode} onChange={setMode} />
      )}
      {manifests.map(manifest => (
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
