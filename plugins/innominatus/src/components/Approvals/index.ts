export { ApprovalPanel } from './ApprovalPanel';
export { ApprovalStateTag } from './ApprovalStateTag';
