import { GoldenPathImpact } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { DiagnosticList } from '../shared';
import { EffectTag } from './EffectTag';
import { Fact, Facts } from './Facts';
import styles from './ImpactPage.module.css';
import { changeTexts } from './changeTexts';

/** What would become of the golden path of an application. */
export function GoldenPathChange(props: { change: GoldenPathImpact }) {
  const { name, effect, before, after, steps, parameters, issues } =
    props.change;
  const t = useText();
  const title = t('impact.goldenPath', { name });
  const old = before?.version ?? t('impact.noVersion');
  const now = after
    ? (after.version ?? t('impact.noVersion'))
    : t('impact.gone');
  return (
    <section className={styles.change} aria-label={title}>
      <div className={styles.head}>
        <strong>{title}</strong>
        <EffectTag effect={effect} />
      </div>
      <Facts>
        <Fact
          label={t('impact.facts.version')}
          texts={
            old === now
              ? []
              : [t('impact.versions', { before: old, after: now })]
          }
        />
        <Fact label={t('impact.facts.steps')} texts={changeTexts(steps, t)} />
        <Fact
          label={t('impact.facts.params')}
          texts={changeTexts(parameters, t)}
        />
      </Facts>
      {issues.length > 0 && <DiagnosticList issues={issues} />}
    </section>
  );
}
