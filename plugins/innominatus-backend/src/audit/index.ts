export { audited, refusalAudited, startedRun } from './audited';
export type { AuditedEvent } from './audited';
