import { PropsWithChildren, forwardRef } from 'react';

export interface ScrollAreaProps {
  label: string;
  className: string;
  onScroll?: () => void;
}

// Scrollable content has to be reachable by keyboard.
const KEYBOARD = { role: 'region', tabIndex: 0 };

/** A part of the page that scrolls by itself, also with the keyboard. */
export const ScrollArea = forwardRef<
  HTMLDivElement,
  PropsWithChildren<ScrollAreaProps>
>((props, ref) => (
  <div
    ref={ref}
    className={props.className}
    onScroll={props.onScroll}
    aria-label={props.label}
    {...KEYBOARD}
  >
    {props.children}
  </div>
));
