export * from './DefinitionRegistry';
export { withParameterDefaults } from '@innominatus/backstage-plugin-innominatus-common';
export * from './parameterSchemas';
export * from './types';
