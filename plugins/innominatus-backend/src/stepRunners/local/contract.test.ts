import { mockServices } from '@backstage/backend-test-utils';
import { describeStepRunnerContract } from '@innominatus/backstage-plugin-innominatus-node/testUtils';
import { join } from 'node:path';
import { LocalProcessRunner } from './LocalProcessRunner';

describeStepRunnerContract('local', folder =>
  LocalProcessRunner.create({
    logger: mockServices.logger.mock(),
    config: {
      programs: [process.execPath],
      path: ['/usr/bin', '/bin'],
      stateDirectory: join(folder, 'state'),
      outputBytes: 10 * 1024 * 1024,
      onShutdown: 'detach',
    },
  }),
);
