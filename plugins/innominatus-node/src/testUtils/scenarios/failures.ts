import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ContractStage, statuses, stepOf } from '../ContractStage';
import { inOrder } from '../contractWorkflow';
import { Scenario } from './Scenario';

function breakStep(stage: ContractStage, step: string, code = 'BROKEN'): void {
  stage.script(step, async () => {
    throw new StepFailure(`Step ${step} broke`, { code });
  });
}

export const failures: Scenario[] = [
  {
    name: 'skips what follows a failure, and lets other branches end',
    play: async (stage, expect) => {
      breakStep(stage, 'a');
      const id = await stage.start([
        { name: 'a' },
        { name: 'b', dependsOn: ['a'] },
        { name: 'c', dependsOn: ['b'] },
        { name: 'other' },
        { name: 'after', dependsOn: ['other'] },
      ]);
      const view = await stage.end(id);
      expect(view.status).toBe('failed');
      expect(statuses(view)).toEqual([
        'failed',
        'skipped',
        'skipped',
        'succeeded',
        'succeeded',
      ]);
      expect(stepOf(view, 'b').skipReason).toEqual(expect.any(String));
    },
  },
  {
    name: 'names the first failing step',
    play: async (stage, expect) => {
      const late = stage.gate();
      breakStep(stage, 'early', 'EARLY');
      stage.script('late', async () => {
        await late.opened;
        throw new StepFailure('Later', { code: 'LATE' });
      });
      const id = await stage.start([{ name: 'late' }, { name: 'early' }]);
      await stage.untilStep(id, 'early', step => step.status === 'failed');
      late.open();
      const { failure } = await stage.end(id);
      expect(failure).toEqual({
        step: 'early',
        error: {
          code: 'EARLY',
          message: 'Step early broke',
          transient: false,
        },
      });
    },
  },
  {
    name: 'keeps the message of an error that is not a step failure',
    play: async (stage, expect) => {
      stage.script('a', async () => {
        throw new TypeError('Cannot read it');
      });
      const id = await stage.start([{ name: 'a' }]);
      const { error } = stepOf(await stage.end(id), 'a');
      expect(error).toMatchObject({ code: 'STEP_FAILED', transient: false });
      expect(error?.message).toContain('Cannot read it');
    },
  },
  {
    name: 'runs what is for a failure only after one',
    play: async (stage, expect) => {
      breakStep(stage, 'bad');
      const id = await stage.start([
        { name: 'good' },
        { name: 'bad' },
        { name: 'calm', dependsOn: ['good'], when: 'on_failure' },
        { name: 'help', dependsOn: ['bad'], when: 'on_failure' },
        { name: 'always', dependsOn: ['bad'], when: 'always' },
      ]);
      const view = await stage.end(id);
      expect(view.status).toBe('failed');
      expect(stepOf(view, 'help').status).toBe('succeeded');
      expect(stepOf(view, 'always').status).toBe('succeeded');
      expect(stage.visits(id, 'help')).toHaveLength(1);
    },
  },
  {
    name: 'skips what is for a failure when all goes well',
    play: async (stage, expect) => {
      const id = await stage.start([
        { name: 'good' },
        { name: 'help', dependsOn: ['good'], when: 'on_failure' },
        { name: 'always', dependsOn: ['good'], when: 'always' },
      ]);
      const view = await stage.end(id);
      expect(view.status).toBe('succeeded');
      expect(statuses(view)).toEqual(['succeeded', 'skipped', 'succeeded']);
    },
  },
  {
    name: 'cleans up after a success and after a failure',
    play: async (stage, expect) => {
      breakStep(stage, 'bad');
      for (const [first, status] of [
        ['good', 'succeeded'],
        ['bad', 'failed'],
      ]) {
        const id = await stage.start([
          ...inOrder([{ name: first }, { name: 'next' }]),
          { name: 'tidy', finally: true },
        ]);
        const view = await stage.end(id);
        expect(view.status).toBe(status);
        expect(stepOf(view, 'tidy').status).toBe('succeeded');
        expect(stage.visits(id).at(-1)?.step).toBe('tidy');
      }
    },
  },
  {
    name: 'fails a step of an unknown type, with a reason',
    play: async (stage, expect) => {
      const id = await stage.start([{ name: 'a', type: 'nowhere' }]);
      const { error } = stepOf(await stage.end(id), 'a');
      expect(error?.code).toBe('UNKNOWN_STEP_TYPE');
      expect(error?.message).toContain('nowhere');
    },
  },
  {
    name: 'fails a step whose config is not valid, without running it',
    play: async (stage, expect) => {
      const id = await stage.start([{ name: 'a', config: { count: 'many' } }]);
      const { error } = stepOf(await stage.end(id), 'a');
      expect(error?.code).toBe('CONFIG_INVALID');
      expect(stage.visits(id)).toEqual([]);
    },
  },
  {
    name: 'fails a step whose reference has no value, without running it',
    play: async (stage, expect) => {
      const id = await stage.start([
        { name: 'a', config: { of: '${resources.missing.host}' } },
      ]);
      const { error } = stepOf(await stage.end(id), 'a');
      expect(error?.code).toBe('REFERENCE_UNRESOLVED');
      expect(stage.visits(id)).toEqual([]);
    },
  },
];
