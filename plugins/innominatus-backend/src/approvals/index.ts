export * from './ApprovalAnnouncer';
export * from './ApprovalDecisions';
export * from './ApprovalViews';
export * from './DatabaseApprovalStore';
export * from './router';
export * from './types';
