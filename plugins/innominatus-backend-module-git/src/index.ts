/**
 * Commits to Git, and waits for what others merge, from innominatus workflows.
 *
 * @packageDocumentation
 */
export { createGitCommitManifestsStepType } from './createGitCommitManifestsStepType';
export { createGitCheckPrStepType } from './pullRequests/createGitCheckPrStepType';
export { createGitPrStepType } from './pullRequests/createGitPrStepType';
export type { GitConfig, GitCredential } from './readGitConfig';
export { innominatusModuleGit as default } from './module';
