import { Button, ButtonProps } from '@backstage/ui';
import { CSSProperties } from 'react';

// In its dark theme Backstage's red has too little contrast with white (3.8:1).
const RED = { '--bg-solid-danger': '#c81e1e' } as CSSProperties;

/** The button of a dialog that does what the dialog is about. */
export function ConfirmButton(props: Omit<ButtonProps, 'variant' | 'style'>) {
  return (
    <Button
      {...props}
      variant="primary"
      style={props.destructive && !props.isDisabled ? RED : undefined}
    />
  );
}
