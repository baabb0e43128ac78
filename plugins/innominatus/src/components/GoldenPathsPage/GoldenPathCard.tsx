import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  ButtonLink,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
} from '@backstage/ui';
import {
  GoldenPath,
  templateNameOf,
} from '@innominatus/backstage-plugin-innominatus-common';
import { formatAbsoluteTime } from '../../lib/relativeTime';
import { stepTitle } from '../../lib/stepTitle';
import { impactRouteRef, templateRouteRef } from '../../routes';
import { useText } from '../../translation';
import {
  ActionButton,
  DiagnosticList,
  Panel,
  PersonLink,
  StatusTag,
} from '../shared';
import styles from './GoldenPathsPage.module.css';

/** A golden path with what a person wants to know before running it. */
export function GoldenPathCard(props: { goldenPath: GoldenPath }) {
  const { goldenPath } = props;
  const { problems } = goldenPath;
  const t = useText();
  return (
    <Card className={styles.card}>
      <CardHeader>
        <h3 className={styles.title}>{goldenPath.title}</h3>
        <BrokenState goldenPath={goldenPath} />
      </CardHeader>
      <CardBody>
        {problems.length > 0 && (
          <Panel title={t('goldenPaths.problems')}>
            <DiagnosticList issues={problems} withFile />
          </Panel>
        )}
        {goldenPath.description && (
          <p className={styles.description}>{goldenPath.description}</p>
        )}
        <dl className={styles.facts}>
          {goldenPath.owner && (
            <>
              <dt>{t('goldenPaths.owner')}</dt>
              <dd>
                <PersonLink person={goldenPath.owner} />
              </dd>
            </>
          )}
          {goldenPath.estimatedDuration && (
            <>
              <dt>{t('goldenPaths.duration')}</dt>
              <dd>{goldenPath.estimatedDuration}</dd>
            </>
          )}
          {goldenPath.steps.length > 0 && (
            <>
              <dt>{t('goldenPaths.steps')}</dt>
              <dd>{goldenPath.steps.map(stepTitle).join(', ')}</dd>
            </>
          )}
          {goldenPath.version && (
            <>
              <dt>{t('goldenPaths.version')}</dt>
              <dd>{goldenPath.version}</dd>
            </>
          )}
        </dl>
        {goldenPath.needsApplication && (
          <p className={styles.note}>{t('goldenPaths.needsApplication')}</p>
        )}
      </CardBody>
      <CardFooter>
        <div className={styles.actions}>
          <RunButton goldenPath={goldenPath} />
          <TryOut goldenPath={goldenPath} />
        </div>
      </CardFooter>
    </Card>
  );
}

function TryOut(props: { goldenPath: GoldenPath }) {
  const { title, source } = props.goldenPath;
  const t = useText();
  const link = useRouteRef(impactRouteRef);
  const file = source ? `?${new URLSearchParams({ file: source })}` : '';
  return link ? (
    <ButtonLink
      variant="tertiary"
      aria-label={t('impact.openNamed', { name: title })}
      href={`${link({ subject: 'golden-paths' })}${file}`}
    >
      {t('impact.open')}
    </ButtonLink>
  ) : null;
}

/** Nothing when all is well: that is what people expect. */
function BrokenState(props: { goldenPath: GoldenPath }) {
  const { state, lastGoodAt } = props.goldenPath;
  const t = useText();
  switch (state) {
    case 'refused':
      return <StatusTag status="failed" word={t('goldenPaths.refused')} />;
    case 'lastGood': {
      const word = lastGoodAt
        ? t('goldenPaths.lastGoodOf', { time: formatAbsoluteTime(lastGoodAt) })
        : t('goldenPaths.lastGood');
      return <StatusTag status="degraded" word={word} />;
    }
    default:
      return null;
  }
}

function RunButton(props: { goldenPath: GoldenPath }) {
  const { goldenPath } = props;
  const t = useText();
  const form = useRouteRef(templateRouteRef);
  const { run } = goldenPath.allowedActions;
  const label = t('goldenPaths.runNamed', { title: goldenPath.title });
  if (form && run.allowed) {
    return (
      <ButtonLink
        variant="primary"
        aria-label={label}
        href={form({
          namespace: 'default',
          templateName: templateNameOf(goldenPath.name),
        })}
      >
        {t('goldenPaths.run')}
      </ButtonLink>
    );
  }
  return (
    <ActionButton
      aria-label={label}
      allowed={
        run.allowed ? { allowed: false, reason: t('goldenPaths.noForm') } : run
      }
    >
      {t('goldenPaths.run')}
    </ActionButton>
  );
}
