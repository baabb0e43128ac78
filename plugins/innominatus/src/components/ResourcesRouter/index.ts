export { ResourcesRouter } from './ResourcesRouter';
