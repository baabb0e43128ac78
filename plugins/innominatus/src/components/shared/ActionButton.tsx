import {
  Button,
  ButtonProps,
  Focusable,
  Tooltip,
  TooltipTrigger,
} from '@backstage/ui';
import { AllowedAction } from '@innominatus/backstage-plugin-innominatus-common';
import { destructiveStyle } from './destructiveStyle';
import styles from './shared.module.css';

export interface ActionButtonProps extends ButtonProps {
  /** Answer of the backend on whether the reader may do this. */
  allowed: AllowedAction;
}

/**
 * A button that, when it may not be used, stays in the tab order and says why:
 * a disabled button alone can neither be hovered nor focused.
 */
export function ActionButton(props: ActionButtonProps) {
  const { allowed, ...button } = props;
  if (allowed.allowed) {
    return <Button style={destructiveStyle(button)} {...button} />;
  }
  const reason = allowed.reason ?? '';
  const name = button['aria-label'] ?? String(button.children);
  return (
    <TooltipTrigger delay={200}>
      <Focusable>
        <span
          className={styles.denied}
          role="button"
          tabIndex={0}
          aria-disabled="true"
          aria-label={reason ? `${name}. ${reason}` : name}
        >
          <Button {...button} isDisabled aria-hidden="true" />
        </span>
      </Focusable>
      <Tooltip>{reason}</Tooltip>
    </TooltipTrigger>
  );
}
