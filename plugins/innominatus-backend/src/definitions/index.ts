export { DatabaseLastGoodStore } from './DatabaseLastGoodStore';
export * from './DefinitionRegistry';
export { LastGoodDefinitions } from './LastGoodDefinitions';
export { withParameterDefaults } from '@innominatus/backstage-plugin-innominatus-common';
export * from './parameterSchemas';
export * from './types';
