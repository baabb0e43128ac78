import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';
import { DefinitionChange } from '@innominatus/backstage-plugin-innominatus-common';
import { Text, useText } from '../../translation';
import { UnifiedDiff } from '../LineDiff';
import { Panel } from '../shared';
import styles from './ImpactPage.module.css';

const KINDS = ['Provider', 'GoldenPath', 'Workflow', 'Environment'] as const;

/** Definitions that are not the ones in use; a click shows how they differ. */
export function ChangedDefinitions(props: { definitions: DefinitionChange[] }) {
  const { definitions } = props;
  const t = useText();
  return (
    <Panel title={`${t('impact.definitions')} (${definitions.length})`}>
      {definitions.length === 0 && (
        <p className={styles.text}>{t('impact.noDefinitions')}</p>
      )}
      {definitions.map(definition => {
        const { kind, name, diff } = definition;
        return (
          <Accordion key={`${kind} ${name}`}>
            <AccordionTrigger title={titleOf(definition, t)} />
            <AccordionPanel>
              {diff === undefined ? (
                <p className={styles.text}>{t('impact.noDiff')}</p>
              ) : (
                <UnifiedDiff label={t('impact.diffOf', { name })} diff={diff} />
              )}
            </AccordionPanel>
          </Accordion>
        );
      })}
    </Panel>
  );
}

function titleOf(definition: DefinitionChange, t: Text): string {
  const { name, change, before, after } = definition;
  const kind = KINDS.find(known => known === definition.kind);
  const versions =
    before?.version === after?.version
      ? []
      : [
          t('impact.versions', {
            before: before?.version ?? t('impact.noVersion'),
            after: after?.version ?? t('impact.noVersion'),
          }),
        ];
  return [
    t(`impact.change.${change}`),
    kind ? t(`impact.kind.${kind}`) : definition.kind,
    name,
    ...versions,
  ].join(' ');
}
