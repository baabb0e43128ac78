import { CSSProperties } from 'react';

// In its dark theme Backstage's red has too little contrast with white (3.8:1).
const RED = { '--bg-solid-danger': '#c81e1e' } as CSSProperties;

/** Makes a destructive button legible in both themes. */
export function destructiveStyle(button: {
  destructive?: boolean;
  isDisabled?: boolean;
}): CSSProperties | undefined {
  return button.destructive && !button.isDisabled ? RED : undefined;
}
