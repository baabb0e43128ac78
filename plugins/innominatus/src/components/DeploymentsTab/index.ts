export { DeploymentsTab } from './DeploymentsTab';
export { EnvironmentName } from './EnvironmentName';
export { EnvironmentStatus } from './EnvironmentStatus';
