import { Config } from '@backstage/config';
import { WorkflowRuntimeFactory } from '@innominatus/backstage-plugin-innominatus-node';
import { readRestateConfig } from './readRestateConfig';
import { RestateRuntime } from './RestateRuntime';

/**
 * The runtime `restate`, for backends that are not put together from modules.
 *
 * @public
 */
export function createRestateRuntimeFactory(options: {
  config: Config;
}): WorkflowRuntimeFactory {
  return {
    type: 'restate',
    create: async host =>
      RestateRuntime.create(readRestateConfig(options.config), host),
  };
}
