export { DriftBadge } from './DriftBadge';
export { ResourceDriftPanel } from './ResourceDriftPanel';
