import { mockServices } from '@backstage/backend-test-utils';
import { join } from 'node:path';
import { describeStepRunnerContract } from '../../__testUtils__/describeStepRunnerContract';
import { LocalProcessRunner } from './LocalProcessRunner';

describeStepRunnerContract({
  name: 'local',
  createRunner: folder =>
    LocalProcessRunner.create({
      logger: mockServices.logger.mock(),
      config: {
        programs: [process.execPath],
        path: ['/usr/bin', '/bin'],
        stateDirectory: join(folder, 'state'),
        outputBytes: 10 * 1024 * 1024,
      },
    }),
});
