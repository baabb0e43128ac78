import { makeWorkflow, TestRun } from './engine/testDriver';
import { toDot, toMermaid } from './graphExport';

const definition = makeWorkflow([
  { name: 'end', title: 'Build "it" <now>' },
  { name: 'deploy', if: '$GO' },
  { name: 'tidy', finally: true },
]);

describe('text exports of the step graph', () => {
  it('writes Mermaid with numbered nodes and escaped labels', () => {
    expect(toMermaid(definition)).toBe(`flowchart LR
  s1["Build #34;it#34; #60;now#62;<br/>simulate"]
  s2["deploy<br/>simulate"]
  s3["tidy<br/>simulate"]
  s1 -.-> s2
  s2 --> s3
`);
  });

  it('writes DOT with quoted names', () => {
    expect(toDot(definition)).toBe(`digraph "test" {
  rankdir=LR;
  node [shape=box];
  "end" [label="Build \\"it\\" <now>\\nsimulate"];
  "deploy" [label="deploy\\nsimulate"];
  "tidy" [label="tidy\\nsimulate"];
  "end" -> "deploy" [style=dashed];
  "deploy" -> "tidy";
}
`);
  });

  it('draws a step with forEach once, with the number of its items when it is known', () => {
    const forEach = { items: ['a', 'b'], maxItems: 10 };
    const steps = [
      { name: 'each', title: 'For ${item}', forEach },
      { name: 'after' },
    ];
    const planned = makeWorkflow(steps);
    expect(toMermaid(planned)).toBe(`flowchart LR
  s1["each<br/>simulate × items"]
  s2["after<br/>simulate"]
  s1 --> s2
`);
    const { definition: running } = new TestRun(planned).state;
    expect(running.steps).toHaveLength(4);
    expect(toDot(running)).toBe(`digraph "test" {
  rankdir=LR;
  node [shape=box];
  "each" [label="each\\nsimulate × 2"];
  "after" [label="after\\nsimulate"];
  "each" -> "after";
}
`);
  });
});
