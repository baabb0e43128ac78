import { Header, Text } from '@backstage/ui';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useNow } from '../../hooks';
import { isTerminal } from '../../lib/status';
import { useText } from '../../translation';
import {
  CopyButton,
  OutsideLink,
  PersonLink,
  RelativeTime,
  RunLink,
  StatusTag,
} from '../shared';
import { CancelRun } from './CancelRun';
import { FollowUpRun } from './FollowUpRun';
import { PauseRun } from './PauseRun';
import styles from './RunPage.module.css';
import { runStatusDetail } from './statusDetail';

const TICK_MS = 1000;

/** Which run this is, how it goes, and who started it from what. */
export function RunHeader(props: { run: Run }) {
  const { run } = props;
  const t = useText();
  const ended = isTerminal(run.status);
  const now = useNow(TICK_MS, !ended);
  const application =
    run.application && `${run.application.environment}/${run.application.name}`;
  return (
    <Header
      title={[
        t('run.title', { number: String(run.number) }),
        application ? undefined : run.title,
        application || !run.title
          ? (run.goldenPath ?? run.workflow)
          : undefined,
        application,
      ]
        .filter(Boolean)
        .join(' · ')}
      customActions={
        ended ? (
          <>
            <FollowUpRun run={run} verb="retry" />
            <FollowUpRun run={run} verb="undo" />
          </>
        ) : (
          <>
            <PauseRun run={run} />
            <CancelRun run={run} />
          </>
        )
      }
      metadata={[
        {
          label: t('run.facts.status'),
          value: (
            <StatusTag
              status={run.status}
              detail={runStatusDetail(run, now, t)}
            />
          ),
        },
        ...(run.waiting?.link
          ? [
              {
                label: t('run.facts.outside'),
                value: <OutsideLink link={run.waiting.link} />,
              },
            ]
          : []),
        {
          label: t('run.facts.by'),
          value: <PersonLink person={run.initiator} />,
        },
        {
          label: run.startedAt ? t('run.facts.started') : t('run.facts.queued'),
          value: (
            <Text variant="body-medium">
              <RelativeTime time={run.startedAt ?? run.createdAt} />
            </Text>
          ),
        },
        ...(run.goldenPath
          ? [{ label: t('run.facts.goldenPath'), value: run.goldenPath }]
          : [{ label: t('run.facts.workflow'), value: run.workflow }]),
        ...(run.application?.entityRef
          ? [
              {
                label: t('run.facts.component'),
                value: <PersonLink person={run.application.entityRef} />,
              },
            ]
          : []),
        ...(run.deployment
          ? [
              {
                label: t('run.facts.deployment'),
                value: `#${run.deployment.number}`,
              },
            ]
          : []),
        ...(run.parentRun
          ? [
              {
                label: t('run.facts.parent'),
                value: (
                  <RunLink runId={run.parentRun.id}>
                    {t('run.parent', { step: run.parentRun.step })}
                  </RunLink>
                ),
              },
            ]
          : []),
        {
          label: t('run.facts.id'),
          value: (
            <span className={styles.fact}>
              <CopyButton name={t('run.id')} text={run.id} />
            </span>
          ),
        },
      ]}
    />
  );
}
