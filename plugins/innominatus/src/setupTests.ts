import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// A page with tables takes its time on a machine that does other things too.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 10_000 });

// What browsers have and jsdom lacks.

/** Step names in tests need no escaping. */
if (!globalThis.CSS) {
  Object.defineProperty(globalThis, 'CSS', {
    value: { escape: (text: string) => text },
  });
}

/** The graph measures its nodes to lay them out. */
if (!('getBBox' in SVGElement.prototype)) {
  Object.defineProperty(SVGElement.prototype, 'getBBox', {
    value: () => ({ x: 0, y: 0, width: 200, height: 50 }),
  });
}

/** The editor measures its text. */
if (!('getClientRects' in Range.prototype)) {
  Object.defineProperty(Range.prototype, 'getClientRects', {
    value: () => [],
  });
  Object.defineProperty(Range.prototype, 'getBoundingClientRect', {
    value: () => new DOMRect(),
  });
}
