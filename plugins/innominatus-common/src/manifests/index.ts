export { diffManifests } from './diff';
export { identityOf } from './identity';
export { manifestFileName, manifestFiles } from './manifestFileName';
export { resourceSlug } from './names';
export { sortManifests } from './order';
export { renderWorkload } from './renderWorkload';
export * from './types';
export { ManifestError, parseManifests, readManifests, toYaml } from './yaml';
