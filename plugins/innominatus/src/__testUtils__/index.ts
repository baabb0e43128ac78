export { anApproval } from './approvals';
export {
  aDeployment,
  aGoldenPath,
  aPlan,
  anApplication,
  anEnvironment,
} from './deployments';
export { fakeApi, openStream, pageOf, streamOf } from './fakeApi';
export { aLogLine, aRun, aRunSummary, aStep } from './runs';
export { aPolicy, aProvider, aResource } from './platform';
export { podinfo, renderPage } from './renderPage';
