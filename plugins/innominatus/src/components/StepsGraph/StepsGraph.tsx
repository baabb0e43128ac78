import {
  DependencyGraph,
  DependencyGraphTypes,
} from '@backstage/core-components';
import { KeyboardEvent, useCallback, useMemo, useRef } from 'react';
import { useText } from '../../translation';
import { ScrollArea } from '../shared';
import { NODE_WIDTH, StepNode } from './StepNode';
import styles from './StepsGraph.module.css';
import { MAX_NODES, collapseByStage } from './collapse';
import { directionOf, neighbourOf } from './neighbours';
import { GraphStep } from './types';

const STAGE_GAP = 48;
/** Smaller than this part of its size a node cannot be read. */
const SMALLEST_SCALE = 0.72;

export interface StepsGraphProps {
  label: string;
  steps: GraphStep[];
  selected?: string;
}

/** Steps and what they wait for, from left to right. */
export function StepsGraph(props: StepsGraphProps) {
  const { label, selected } = props;
  const t = useText();
  const root = useRef<HTMLDivElement>(null);
  const collapsed = props.steps.length > MAX_NODES;
  const steps = useMemo(
    () =>
      collapsed
        ? collapseByStage({
            steps: props.steps,
            titleOf: (stage, count) =>
              t('run.graph.stage', {
                stage: String(stage),
                count,
              }),
          })
        : props.steps,
    [collapsed, props.steps, t],
  );
  const tabStop = steps.some(step => step.id === selected)
    ? selected
    : steps[0]?.id;
  const links = steps.some(step => step.to !== undefined);

  const moveFrom = useCallback(
    (id: string, event: KeyboardEvent) => {
      const direction = directionOf(event.key);
      const target = direction && neighbourOf(steps, id, direction);
      if (!target) {
        return;
      }
      event.preventDefault();
      root.current
        ?.querySelector<SVGAElement>(`[data-step="${CSS.escape(target)}"]`)
        ?.focus();
    },
    [steps],
  );

  const edges = useMemo(() => edgesOf(steps), [steps]);
  return (
    <ScrollArea ref={root} className={styles.root} label={label}>
      {collapsed && (
        <p className={styles.help}>
          {t('run.graph.collapsed', { limit: String(MAX_NODES) })}
        </p>
      )}
      <div style={{ minWidth: widthOf(steps) }}>
        <DependencyGraph
          nodes={steps}
          edges={edges}
          direction={DependencyGraphTypes.Direction.LEFT_RIGHT}
          nodeMargin={20}
          rankMargin={STAGE_GAP}
          paddingX={8}
          paddingY={8}
          curve="curveMonotoneX"
          zoom="disabled"
          showArrowHeads
          allowFullscreen={false}
          renderNode={({ node }) => (
            <StepNode
              step={node}
              selected={node.id === selected}
              tabStop={node.id === tabStop}
              onKeyDown={event => moveFrom(node.id, event)}
            />
          )}
        />
      </div>
      {links && <p className={styles.help}>{t('run.graph.help')}</p>}
    </ScrollArea>
  );
}

function edgesOf(steps: GraphStep[]) {
  const known = new Set(steps.map(step => step.id));
  return steps.flatMap(step =>
    step.dependsOn
      .filter(dependency => known.has(dependency))
      .map(dependency => ({ from: dependency, to: step.id })),
  );
}

/** Long graphs scroll instead of shrinking. */
function widthOf(steps: GraphStep[]): number {
  const stages = new Set(steps.map(step => step.stage)).size;
  return stages * (NODE_WIDTH + STAGE_GAP) * SMALLEST_SCALE;
}
