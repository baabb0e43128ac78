import {
  RiAddLine,
  RiDeleteBinLine,
  RiEqualLine,
  RiPencilLine,
} from '@remixicon/react';
import { PlanAction } from '@innominatus/backstage-plugin-innominatus-common';
import { PropsWithChildren } from 'react';
import styles from './PlanView.module.css';

const ICONS = {
  create: RiAddLine,
  update: RiPencilLine,
  keep: RiEqualLine,
  delete: RiDeleteBinLine,
};

export interface ActionTagProps {
  action: PlanAction;
  /** Nothing is done; then the colour would only alarm. */
  none?: boolean;
}

/** What a plan does with a thing, as icon, words and colour. */
export function ActionTag(props: PropsWithChildren<ActionTagProps>) {
  const Icon = ICONS[props.action];
  return (
    <span
      className={styles.action}
      data-action={props.action}
      data-none={props.none || undefined}
    >
      <Icon size={16} aria-hidden />
      {props.children}
    </span>
  );
}
