export const commonMessages = {
  status: {
    none: 'Not deployed',
    pending: 'Queued',
    queued: 'Queued',
    running: 'Running',
    waiting: 'Waiting',
    succeeded: 'Succeeded',
    failed: 'Failed',
    skipped: 'Skipped',
    cancelled: 'Cancelled',
    degraded: 'Degraded',
  },
  error: {
    title: 'This could not be loaded',
    retry: 'Try again',
    requestId: 'Request {{id}}',
    code: 'Code {{code}}',
    notAllowedTitle: 'You may not see this',
    notAllowed:
      'Ask the owner of the component or the platform team for access.',
    notFoundTitle: 'Not found',
    signInTitle: 'Sign in again',
    signIn: 'Your session has ended. Reload the page to sign in.',
  },
  loading: 'Loading',
  freezeOverride: 'May pass a freeze: {{reason}}',
  copy: {
    action: 'Copy {{name}}',
    done: 'Copied',
  },
  outside: {
    open: 'See what is waited for',
  },
  duration: {
    inTime: 'in {{duration}}',
    step: 'step {{done}} of {{total}}',
  },
  environment: {
    production: 'production',
  },
  diagnostics: {
    line: 'Line {{line}}',
    error: 'Error',
    warning: 'Warning',
    info: 'Note',
  },
} as const;
