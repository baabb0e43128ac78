export { ApprovalPanel } from './ApprovalPanel';
export { ApprovalStateTag } from './ApprovalStateTag';
export { approvalTitle } from './approvalTitle';
