export { ResourceStateTag } from './ResourceStateTag';
export { ResourcesPage } from './ResourcesPage';
