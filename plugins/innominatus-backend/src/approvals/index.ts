export * from './ApprovalAnnouncer';
export * from './ApprovalDecisions';
export * from './ApprovalViews';
export * from './DatabaseApprovalStore';
export * from './PlanApprovals';
export * from './router';
export * from './types';
