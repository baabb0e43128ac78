export { generateManifests } from './generateManifests';
export * from './types';
