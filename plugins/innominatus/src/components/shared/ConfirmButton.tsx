import { Button, ButtonProps } from '@backstage/ui';
import { destructiveStyle } from './destructiveStyle';

/** The button of a dialog that does what the dialog is about. */
export function ConfirmButton(props: Omit<ButtonProps, 'variant' | 'style'>) {
  return (
    <Button {...props} variant="primary" style={destructiveStyle(props)} />
  );
}
