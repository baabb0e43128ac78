export const runsMessages = {
  columns: {
    run: 'Run',
    application: 'Application',
    status: 'Status',
    started: 'Started',
    duration: 'Duration',
    initiator: 'By',
  },
  filters: {
    legend: 'Filters',
    status: 'Status',
    environment: 'Environment',
    goldenPath: 'Golden path',
    any: 'Any',
    clear: 'Clear filters',
  },
  emptyTitle: 'No runs yet',
  emptyText:
    'A run starts when somebody deploys a component or runs a golden path.',
  emptyFilteredTitle: 'No run matches the filters',
  goldenPathsLink: 'Browse golden paths',
  next: 'Older',
  previous: 'Newest',
  nested: 'started by step "{{step}}" of another run',
} as const;

export const schedulesMessages = {
  title: 'Schedules',
  columns: {
    name: 'Name',
    when: 'When',
    next: 'Next',
    last: 'Last time',
    lastRun: 'Last run',
    actions: 'Actions',
  },
  paused: 'Paused by',
  disabled: 'Switched off in its file',
  never: 'Never again',
  none: 'None yet',
  outcomes: {
    started: 'Started',
    skipped: 'Left out',
    missed: 'Missed',
    failed: 'Could not start',
  },
  run: 'Run {{number}}',
  pause: {
    action: 'Pause',
    named: 'Pause {{name}}',
    done: '{{name}} starts no runs until it is resumed',
    failed: 'The schedule could not be paused',
  },
  resume: {
    action: 'Resume',
    named: 'Resume {{name}}',
    done: '{{name}} starts runs again',
    failed: 'The schedule could not be resumed',
  },
  trigger: {
    action: 'Run now',
    named: 'Run now: {{name}}',
    done: 'Run {{number}} was started',
    failed: 'The run could not be started',
  },
} as const;

export const goldenPathsMessages = {
  lastGood: 'Has errors; the last good version stays in use',
  lastGoodOf: 'Has errors; the last good version, of {{time}}, stays in use',
  refused: 'Has errors and is not in use',
  problems: 'What is wrong with its file',
  search: 'Search golden paths',
  other: 'Other',
  owner: 'Owner',
  duration: 'Duration',
  version: 'Version',
  steps: 'Steps',
  needsApplication: 'Works on a component with a Score spec',
  run: 'Run',
  runNamed: 'Run {{title}}',
  emptyTitle: 'No golden paths',
  emptyText:
    'The platform team adds golden paths as files of kind GoldenPath in a location of innominatus.',
  noMatch: 'No golden path matches "{{text}}".',
  noForm:
    'The scaffolder is not installed, so there is no form. Run it from the command line.',
} as const;
