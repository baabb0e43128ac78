import { KeyboardEvent } from 'react';
import { Link } from 'react-router-dom';
import { toneOf } from '../../lib/status';
import { iconOf } from '../shared';
import styles from './StepsGraph.module.css';
import { GraphStep } from './types';

export const NODE_WIDTH = 208;
const NODE_HEIGHT = 56;
/** Of wide fonts, so that no text leaves its box. */
const TITLE_CHARACTER = 7.8;
const SUBTITLE_CHARACTER = 7.2;
const TEXT_X = 40;

export interface StepNodeProps {
  step: GraphStep;
  selected: boolean;
  /** The one node that the tab key reaches. */
  tabStop: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** A step as a box that is a real link, so that mouse and keyboard open it. */
export function StepNode(props: StepNodeProps) {
  const { step, selected, tabStop, onKeyDown } = props;
  const body = <NodeBody step={step} />;
  const tone = step.status ? toneOf(step.status) : 'neutral';
  if (step.to === undefined) {
    return (
      <g
        className={styles.node}
        data-tone={tone}
        data-heavy={step.heavy || undefined}
      >
        {body}
      </g>
    );
  }
  return (
    <Link
      to={step.to}
      className={styles.node}
      data-tone={tone}
      data-step={step.id}
      data-selected={selected || undefined}
      aria-current={selected ? 'true' : undefined}
      tabIndex={tabStop ? 0 : -1}
      onKeyDown={onKeyDown}
    >
      {body}
    </Link>
  );
}

function NodeBody(props: { step: GraphStep }) {
  const { title, subtitle, status } = props.step;
  const Icon = status && iconOf(status);
  const textX = Icon ? TEXT_X : 14;
  const room = NODE_WIDTH - textX - 8;
  return (
    <>
      <rect
        className={styles.box}
        width={NODE_WIDTH}
        height={NODE_HEIGHT}
        rx={8}
      />
      {Icon && (
        <Icon className={styles.icon} x={12} y={18} size={20} aria-hidden />
      )}
      <text className={styles.title} x={textX} y={24}>
        {shorten(title, room / TITLE_CHARACTER)}
      </text>
      {/* Keeps the two texts apart in the name of the link. */}{' '}
      <text className={styles.subtitle} x={textX} y={42}>
        {shorten(subtitle, room / SUBTITLE_CHARACTER)}
      </text>
    </>
  );
}

function shorten(text: string, room: number): string {
  const characters = Math.floor(room);
  return text.length > characters ? `${text.slice(0, characters - 1)}…` : text;
}
