import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';

const MAX_SHOWN = 1_000;

const CAUSES: Array<{
  pattern: RegExp;
  code: string;
  transient?: boolean;
  text: string;
}> = [
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|error: 40[13]|HTTP 40[13]/i,
    code: 'GIT_UNAUTHENTICATED',
    text: 'The server does not accept the credentials. Check "innominatus.stepTypes.git.credentials" for this host.',
  },
  {
    pattern:
      /Could not resolve host|Failed to connect|Couldn't connect|Connection (?:refused|reset|timed out)|Operation too slow|timed out|early EOF|unexpected disconnect|error: (?:429|5\d\d)|HTTP (?:429|5\d\d)/i,
    code: 'GIT_UNREACHABLE',
    transient: true,
    text: 'The server cannot be reached or is in trouble.',
  },
  {
    pattern: /unable to update url base from redirection|error: 30\d/i,
    code: 'GIT_REDIRECTED',
    text: 'The server redirects to another address, which is not followed. Use the final address of the repository.',
  },
  {
    pattern:
      /repository '.*' not found|does not appear to be a git repository|does not exist|error: 404/i,
    code: 'GIT_REPOSITORY_MISSING',
    text: 'The repository does not exist, or the credentials do not show it.',
  },
  {
    pattern: /SSL certificate problem|server certificate verification failed/i,
    code: 'GIT_TLS',
    text: 'The certificate of the server is not trusted.',
  },
];

/** Turns what Git wrote into words and a stable code. */
export function toGitFailure(what: string, stderr: string): StepFailure {
  const said = stderr.replace(/\s+/g, ' ').trim().slice(0, MAX_SHOWN);
  const cause = CAUSES.find(({ pattern }) => pattern.test(stderr));
  return new StepFailure(
    `${what} failed. ${cause ? `${cause.text} Git says: ` : 'Git says: '}${said || 'nothing'}`,
    {
      code: cause?.code ?? 'GIT_FAILED',
      transient: cause?.transient ?? false,
    },
  );
}
