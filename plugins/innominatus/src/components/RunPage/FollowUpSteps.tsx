import {
  RetryPreview,
  Run,
  UndoPreview,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { Panel } from '../shared';
import styles from './RunPage.module.css';

export interface FollowUpStepsProps {
  run: Run;
  preview: RetryPreview | UndoPreview;
}

/** The steps of a preview, by what becomes of them. */
export function FollowUpSteps(props: FollowUpStepsProps) {
  const { run, preview } = props;
  const t = useText();
  const titleOf = (name: string) =>
    run.steps.find(step => step.name === name)?.title ?? name;
  if ('steps' in preview) {
    return (
      <>
        <StepList
          title={t('run.undo.undone')}
          items={preview.steps
            .filter(step => step.undoable)
            .map(({ step }) => titleOf(step))}
        />
        <StepList
          title={t('run.undo.stays')}
          items={preview.steps
            .filter(step => !step.undoable)
            .map(({ step, reason }) => `${titleOf(step)}: ${reason}`)}
        />
        <StepList
          title={t('run.undo.warnings')}
          items={preview.steps.flatMap(({ step, warnings = [] }) =>
            warnings.map(warning => `${titleOf(step)}: ${warning}`),
          )}
        />
      </>
    );
  }
  return (
    <>
      <StepList title={t('run.retry.kept')} items={preview.kept.map(titleOf)} />
      <StepList
        title={t('run.retry.again')}
        items={preview.again.map(({ step, startedBefore }) =>
          startedBefore
            ? t('run.retry.startedBefore', { step: titleOf(step) })
            : titleOf(step),
        )}
      />
    </>
  );
}

function StepList(props: { title: string; items: string[] }) {
  const { title, items } = props;
  return items.length === 0 ? null : (
    <Panel title={title}>
      <ul className={styles.previewSteps}>
        {items.map(item => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </Panel>
  );
}
