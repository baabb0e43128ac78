import { CommandSet } from '../framework/resolve';
import { analyzeCommand } from './analyze';
import { approvalsGetCommand } from './approvalsGet';
import { approvalsListCommand } from './approvalsList';
import { appsDiffCommand } from './appsDiff';
import { appsDriftCommand } from './appsDrift';
import { appsGetCommand } from './appsGet';
import { appsListCommand } from './appsList';
import { appsRepairCommand } from './appsRepair';
import { authStatusCommand } from './authStatus';
import { authTokenCommand } from './authToken';
import { completionCommand } from './completion';
import { contextAddCommand } from './contextAdd';
import { contextListCommand } from './contextList';
import { contextRemoveCommand } from './contextRemove';
import { contextUseCommand } from './contextUse';
import { approveCommand, rejectCommand } from './decide';
import { deleteCommand } from './delete';
import { deployCommand } from './deploy';
import { deploymentsCancelCommand } from './deploymentsCancel';
import { deploymentsGetCommand } from './deploymentsGet';
import { deploymentsListCommand } from './deploymentsList';
import { deploymentsUndoCommand } from './deploymentsUndo';
import { deprovisionCommand } from './deprovision';
import { environmentsCreateCommand } from './environmentsCreate';
import { environmentsDeleteCommand } from './environmentsDelete';
import { environmentsExtendCommand } from './environmentsExtend';
import { environmentsGetCommand } from './environmentsGet';
import { environmentsListCommand } from './environmentsList';
import { generateCommand } from './generate';
import { environmentsUpdateCommand } from './environmentsUpdate';
import { goldenPathsGetCommand } from './goldenPathsGet';
import { goldenPathsListCommand } from './goldenPathsList';
import { goldenPathsTestCommand } from './goldenPathsTest';
import { helpCommand } from './help';
import { goldenPathsImpactCommand, providersImpactCommand } from './impact';
import { locationsListCommand } from './locationsList';
import { loginCommand } from './login';
import { logoutCommand } from './logout';
import { logsCommand, runsLogsCommand } from './logs';
import { migrateCommand } from './migrate';
import { planCommand } from './plan';
import { plansGetCommand } from './plansGet';
import { providersGetCommand } from './providersGet';
import { promoteCommand } from './promote';
import { policiesGetCommand } from './policiesGet';
import { policiesListCommand } from './policiesList';
import { policiesTestCommand } from './policiesTest';
import { providersListCommand } from './providersList';
import { providersRefreshCommand } from './providersRefresh';
import { providersTestCommand } from './providersTest';
import { resourcesGetCommand } from './resourcesGet';
import { resourcesHealthCommand } from './resourcesHealth';
import { resourcesListCommand } from './resourcesList';
import { resourcesRevealCommand } from './resourcesReveal';
import { resourcesTransitionsCommand } from './resourcesTransitions';
import { rollbackCommand } from './rollback';
import { goldenPathsRunCommand, runCommand } from './run';
import { runsCancelCommand } from './runsCancel';
import { runsGetCommand } from './runsGet';
import { runsListCommand } from './runsList';
import { runsPauseCommand } from './runsPause';
import { runsResumeCommand } from './runsResume';
import { runsRetryCommand } from './runsRetry';
import { runsUndoCommand } from './runsUndo';
import { runsWatchCommand } from './runsWatch';
import {
  schedulesPauseCommand,
  schedulesResumeCommand,
} from './schedulesControl';
import { schedulesGetCommand } from './schedulesGet';
import { schedulesListCommand } from './schedulesList';
import { schedulesTriggerCommand } from './schedulesTrigger';
import { statusCommand } from './status';
import { validateCommand } from './validate';
import { versionCommand } from './version';
import { whyCommand } from './why';

/** All commands in the order of the help, and the older names of some. */
export const commandSet: CommandSet = {
  commands: [
    validateCommand,
    analyzeCommand,
    generateCommand,
    migrateCommand,
    planCommand,
    deployCommand,
    statusCommand,
    logsCommand,
    whyCommand,
    runCommand,
    approveCommand,
    rejectCommand,
    rollbackCommand,
    promoteCommand,
    deleteCommand,
    deprovisionCommand,
    appsListCommand,
    appsGetCommand,
    appsDiffCommand,
    appsDriftCommand,
    appsRepairCommand,
    plansGetCommand,
    deploymentsListCommand,
    deploymentsGetCommand,
    deploymentsCancelCommand,
    deploymentsUndoCommand,
    runsListCommand,
    runsGetCommand,
    runsWatchCommand,
    runsLogsCommand,
    runsCancelCommand,
    runsPauseCommand,
    runsResumeCommand,
    runsRetryCommand,
    runsUndoCommand,
    approvalsListCommand,
    approvalsGetCommand,
    goldenPathsListCommand,
    goldenPathsGetCommand,
    goldenPathsRunCommand,
    goldenPathsImpactCommand,
    goldenPathsTestCommand,
    schedulesListCommand,
    schedulesGetCommand,
    schedulesPauseCommand,
    schedulesResumeCommand,
    schedulesTriggerCommand,
    environmentsListCommand,
    environmentsGetCommand,
    environmentsCreateCommand,
    environmentsUpdateCommand,
    environmentsDeleteCommand,
    environmentsExtendCommand,
    policiesListCommand,
    policiesGetCommand,
    policiesTestCommand,
    providersListCommand,
    providersGetCommand,
    providersRefreshCommand,
    providersImpactCommand,
    providersTestCommand,
    locationsListCommand,
    resourcesListCommand,
    resourcesGetCommand,
    resourcesTransitionsCommand,
    resourcesHealthCommand,
    resourcesRevealCommand,
    loginCommand,
    logoutCommand,
    authStatusCommand,
    authTokenCommand,
    contextListCommand,
    contextUseCommand,
    contextAddCommand,
    contextRemoveCommand,
    completionCommand,
    versionCommand,
    helpCommand,
  ],
  aliases: {
    list: 'apps list',
    'list-workflows': 'runs list',
    'list-resources': 'resources list',
    'list-goldenpaths': 'golden-paths list',
    whoami: 'auth status',
    'policy test': 'policies test',
    retry: 'runs retry',
    undo: 'runs undo',
  },
};
