import { RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** A reader this close to the end wants to see what comes. */
const END_MARGIN_PX = 24;

export interface Follow {
  following: boolean;
  /** Lines that came since the reader scrolled up. */
  unseen: number;
  setFollowing: (following: boolean) => void;
  onScroll: () => void;
}

/** Keeps the end of a growing list in sight until the reader scrolls up. */
export function useFollow(
  container: RefObject<HTMLElement>,
  count: number,
  initial: boolean,
): Follow {
  const [following, setState] = useState(initial);
  const [seen, setSeen] = useState(0);
  // Scrolling by program must not be taken for the reader's hand.
  const programmatic = useRef(false);

  const scrollToEnd = useCallback(() => {
    const element = container.current;
    if (element) {
      programmatic.current = true;
      element.scrollTop = element.scrollHeight;
    }
  }, [container]);

  useEffect(() => {
    if (following) {
      scrollToEnd();
      setSeen(count);
    }
  }, [count, following, scrollToEnd]);

  const setFollowing = useCallback(
    (next: boolean) => {
      setState(next);
      setSeen(count);
    },
    [count],
  );

  const onScroll = useCallback(() => {
    const element = container.current;
    if (!element) {
      return;
    }
    if (programmatic.current) {
      programmatic.current = false;
      return;
    }
    const atEnd =
      element.scrollHeight - element.scrollTop - element.clientHeight <
      END_MARGIN_PX;
    setState(atEnd);
    setSeen(current => (atEnd ? count : Math.max(current, 0)));
  }, [container, count]);

  return {
    following,
    unseen: following ? 0 : Math.max(0, count - seen),
    setFollowing,
    onScroll,
  };
}
