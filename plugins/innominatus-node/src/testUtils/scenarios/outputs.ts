import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepOf } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

export const outputs: Scenario[] = [
  {
    name: 'hands parameters, outputs and variables on, with their types',
    play: async (stage, expect) => {
      stage.script('a', async () => ({
        outputs: { port: 5432, tags: ['x', 'y'] },
      }));
      const id = await stage.start(
        inOrder([
          {
            name: 'a',
            setVariables: { place: 'host:${steps.a.outputs.port}' },
          },
          {
            name: 'b',
            env: { WHO: 'for ${params.who}' },
            config: {
              port: '${a.port}',
              tags: '${a.tags}',
              text: '${place} ${params.who}',
              run: '${run.id}',
            },
          },
        ]),
        {
          parameters: { who: 'jane' },
          outputs: { where: '${place}', port: '${a.port}' },
        },
      );
      const view = await stage.end(id);
      const [visit] = stage.visits(id, 'b');
      expect(visit.config).toEqual({
        port: 5432,
        tags: ['x', 'y'],
        text: 'host:5432 jane',
        run: id,
      });
      expect(visit.env).toEqual({ WHO: 'for jane' });
      expect(view.outputs).toEqual({ where: 'host:5432', port: 5432 });
    },
  },
  {
    name: 'does not expand what came out of a value',
    play: async (stage, expect) => {
      const id = await stage.start(
        [{ name: 'a', config: { text: '${params.text}' } }],
        { parameters: { text: '${run.id} $$' } },
      );
      await stage.end(id);
      expect(stage.visits(id)[0].config.text).toBe('${run.id} $$');
    },
  },
  {
    name: 'hands outputs of resources on',
    play: async (stage, expect) => {
      stage.script('a', async () => ({
        resources: { db: { host: 'db.local' } },
      }));
      const id = await stage.start(
        inOrder([
          { name: 'a' },
          { name: 'b', config: { host: '${resources.db.host}' } },
        ]),
      );
      await stage.end(id);
      expect(stage.visits(id, 'b')[0].config).toEqual({ host: 'db.local' });
    },
  },
  {
    name: 'refuses outputs that are too large for the journal',
    play: async (stage, expect) => {
      stage.script('a', async () => ({
        outputs: { text: 'x'.repeat(70_000) },
      }));
      const id = await stage.start([{ name: 'a' }]);
      const { error, outputs: kept } = stepOf(await stage.end(id), 'a');
      expect(error?.code).toBe('OUTPUT_TOO_LARGE');
      expect(kept).toEqual({});
    },
  },
  {
    name: 'keeps secrets out of everything that is recorded',
    needs: ['secrets'],
    play: async (stage, expect) => {
      const secret = 'hunter22-hunter22';
      let seen: unknown;
      stage.script('a', async () => ({
        outputs: { password: secret, copy: `it is ${secret}` },
        sensitive: ['password'],
      }));
      stage.script('b', async context => {
        seen = await context.resolveSecrets(context.config);
      });
      const id = await stage.start(
        inOrder([
          { name: 'a' },
          { name: 'b', config: { password: '${a.password}' } },
        ]),
        { outputs: { password: '${a.password}' } },
      );
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      expect(seen).toEqual({ password: secret });
      expect(JSON.stringify(view)).not.toContain(secret);
      const events = await stage.harness.events(id);
      expect(JSON.stringify(events)).not.toContain(secret);
    },
  },
  {
    name: 'reads the output file of a step',
    needs: ['workspace'],
    play: async (stage, expect) => {
      stage.script('a', async context => {
        const folder = await context.workspace();
        await writeFile(join(folder, 'out.json'), '{"nested":{"port":1}}');
      });
      const id = await stage.start([{ name: 'a', outputFile: 'out.json' }]);
      expect(stepOf(await stage.end(id), 'a').outputs).toEqual({
        nested: { port: 1 },
      });
    },
  },
];
