export { audited } from './audited';
export type { AuditedEvent } from './audited';
