import { isRunEnded } from '@innominatus/backstage-plugin-innominatus-common';
import { randomUUID } from 'node:crypto';
import { ContractStage } from '../ContractStage';
import { contractWorkflow, inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

/** The step runs a workflow of its own and answers with its outputs. */
function nest(stage: ContractStage): void {
  stage.script('nest', async context => {
    const { id } = await stage.harness.start({
      runId: `${context.run.id.slice(0, 24)}${'0'.repeat(12)}`,
      parentRun: { id: context.run.id, step: context.step.name },
      parameters: { from: context.run.id },
      definition: contractWorkflow([{ name: 'inner' }], {
        outputs: { from: '${params.from}' },
      }),
    });
    let view = await stage.harness.view(id);
    while (!isRunEnded(view)) {
      await stage.quiet(20);
      view = await stage.harness.view(id);
    }
    return { outputs: { child: id, ...view.outputs } };
  });
}

export const identity: Scenario[] = [
  {
    name: 'starts one run for an id, however often it is submitted',
    play: async (stage, expect) => {
      const runId = randomUUID();
      const steps = inOrder([{ name: 'a' }, { name: 'b' }]);
      const ids = await Promise.all(
        Array.from({ length: 5 }, () => stage.start(steps, { run: { runId } })),
      );
      ids.push(await stage.start(steps, { run: { runId } }));
      expect(new Set(ids)).toEqual(new Set([runId]));
      await stage.end(runId);
      await stage.start(steps, { run: { runId } });
      await stage.quiet();
      expect(stage.visits(runId).map(visit => visit.key)).toEqual([
        `${runId}/a/1`,
        `${runId}/b/1`,
      ]);
    },
  },
  {
    name: 'works on many runs at once without mixing them up',
    play: async (stage, expect) => {
      const ids: string[] = [];
      for (let i = 0; i < 20; i++) {
        ids.push(
          await stage.start(
            inOrder([
              { name: 'a', config: { i: '${params.i}' } },
              { name: 'b', config: { i: '${a.config}' } },
            ]),
            { parameters: { i }, outputs: { i: '${b.config}' } },
          ),
        );
      }
      for (const [i, id] of ids.entries()) {
        expect((await stage.end(id)).outputs).toEqual({ i: { i: { i } } });
        expect(stage.visits(id)).toHaveLength(2);
      }
    },
  },
  {
    name: 'runs a workflow inside of a step',
    play: async (stage, expect) => {
      nest(stage);
      const id = await stage.start(
        inOrder([
          { name: 'nest' },
          { name: 'after', config: { from: '${nest.from}' } },
        ]),
      );
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      expect(stage.visits(id, 'after')[0].config).toEqual({ from: id });
      const child = String(view.steps[0].outputs.child);
      expect(stage.visits(child, 'inner')).toHaveLength(1);
    },
  },
  {
    name: 'finds a nested run again after an interruption',
    needs: ['crash'],
    play: async (stage, expect) => {
      nest(stage);
      const gate = stage.gate();
      stage.script('inner', async (_context, visit) => {
        await (visit === 1 ? stage.gate() : gate).opened;
      });
      const id = await stage.start([{ name: 'nest', type: 'resume' }]);
      const child = `${id.slice(0, 24)}${'0'.repeat(12)}`;
      await stage.begun(child, 'inner');
      await stage.harness.killWorkers?.();
      gate.open();
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      expect(view.steps[0].outputs.child).toBe(child);
      expect((await stage.harness.view(child)).status).toBe('succeeded');
    },
  },
];
