/**
 * Commits rendered manifests to Git from innominatus workflows.
 *
 * @packageDocumentation
 */
export { createGitCommitManifestsStepType } from './createGitCommitManifestsStepType';
export type { GitConfig, GitCredential } from './readGitConfig';
export { innominatusModuleGit as default } from './module';
