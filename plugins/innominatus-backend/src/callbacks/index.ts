export * from './CallbackReports';
export * from './createCallbackStepType';
export * from './createDelegatedStepType';
export * from './DatabaseCallbackStore';
export * from './expectationsOf';
export * from './router';
