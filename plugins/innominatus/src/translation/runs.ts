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

export const goldenPathsMessages = {
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
