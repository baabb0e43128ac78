import { Link } from '@backstage/ui';
import { ResourceImpact } from '@innominatus/backstage-plugin-innominatus-common';
import { Text, useText } from '../../translation';
import { DiagnosticList, formatJsonValue } from '../shared';
import { EffectTag } from './EffectTag';
import { Fact, Facts } from './Facts';
import styles from './ImpactPage.module.css';
import { changeTexts } from './changeTexts';

/** What would become of one resource. */
export function ResourceChange(props: {
  change: ResourceImpact;
  href?: string;
}) {
  const { change, href } = props;
  const { name, type, before, after, outputs, also, issues } = change;
  const t = useText();
  const title = t('impact.resource', { type, name });
  const side = (value: typeof before) =>
    value ? t('impact.side', value) : t('impact.nobody');
  return (
    <section className={styles.change} aria-label={title}>
      <div className={styles.head}>
        {href ? (
          <Link href={href} weight="bold">
            {title}
          </Link>
        ) : (
          <strong>{title}</strong>
        )}
        <EffectTag effect={change.effect} />
      </div>
      <Facts>
        <Fact
          label={t('impact.facts.provider')}
          texts={
            side(before) === side(after)
              ? []
              : [
                  t('impact.versions', {
                    before: side(before),
                    after: side(after),
                  }),
                ]
          }
        />
        <Fact
          label={t('impact.facts.params')}
          texts={change.params.map(param => paramText(param, t))}
        />
        <Fact
          label={t('impact.facts.operations')}
          texts={change.operations.map(operation =>
            operationText(operation, t),
          )}
        />
        <Fact
          label={t('impact.facts.outputs')}
          texts={changeTexts(outputs, t)}
        />
        <Fact
          label={t('impact.facts.also')}
          texts={also.map(part => t(`impact.also.${part}`))}
        />
      </Facts>
      {issues.length > 0 && <DiagnosticList issues={issues} />}
    </section>
  );
}

function paramText(param: ResourceImpact['params'][number], t: Text): string {
  const write = (value: typeof param.before) =>
    formatJsonValue(value, t('plan.secret'), t('impact.notSet'));
  return `${param.path}: ${t('impact.versions', {
    before: write(param.before),
    after: write(param.after),
  })}`;
}

function operationText(
  change: ResourceImpact['operations'][number],
  t: Text,
): string {
  const { operation, before, after, steps } = change;
  const [old, now] = [before, after].map(
    workflow => workflow ?? t('impact.values'),
  );
  const workflow =
    old === now ? now : t('impact.versions', { before: old, after: now });
  return [
    t('impact.operation', {
      operation: t(`providers.operation.${operation}`),
      workflow,
    }),
    ...changeTexts(steps, t),
  ].join(', ');
}
