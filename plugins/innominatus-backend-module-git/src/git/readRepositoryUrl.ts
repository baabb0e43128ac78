import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { GitConfig } from '../readGitConfig';

/** Where clouds answer questions about the machine, credentials included. */
const METADATA_HOSTS = [
  /^169\.254\./,
  /^\[fe80:/,
  /^\[fd00:ec2::254\]$/,
  /^\[::ffff:a9fe:/,
  /^metadata(\.google\.internal)?\.?$/,
];

/**
 * Checks the address of a repository before Git sees it. Git knows transports
 * that run programs (`ext::`) and takes a leading dash for an option.
 */
export function readRepositoryUrl(text: string, config: GitConfig): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^(https?|file):\/\//i.test(text) ||
    /[\s\\\p{Cc}]/u.test(text)
  ) {
    throw refuse(
      text,
      'Expected an address such as "https://host/group/name.git".',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new StepFailure(
      `The address of the repository on "${url.host}" holds credentials. Put them below "innominatus.stepTypes.git.credentials" in the app-config.`,
      { code: 'GIT_REPOSITORY_REFUSED' },
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw refuse(text, 'It must not have a query or a fragment.');
  }
  if (url.protocol === 'file:') {
    if (!config.allowFile || url.host !== '') {
      throw refuse(
        text,
        'Local repositories have to be allowed with "innominatus.stepTypes.git.allowFile: true".',
      );
    }
    return url;
  }
  checkHost(url, text, config);
  return url;
}

function checkHost(url: URL, text: string, config: GitConfig): void {
  const host = url.host.toLowerCase();
  if (config.allowedHosts && !config.allowedHosts.includes(host)) {
    throw refuse(
      text,
      `Its host is not among "innominatus.stepTypes.git.allowedHosts".`,
    );
  }
  const name = url.hostname.toLowerCase();
  if (METADATA_HOSTS.some(pattern => pattern.test(name))) {
    throw refuse(text, 'Its host is not one for repositories.');
  }
}

function refuse(text: string, why: string): StepFailure {
  return new StepFailure(
    `The repository "${text.slice(0, 200)}" is refused. ${why}`,
    { code: 'GIT_REPOSITORY_REFUSED' },
  );
}
