export * from './LocalProcessRunner';
export * from './readLocalRunnerConfig';
