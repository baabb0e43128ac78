/** Whether two addresses mean the same repository, over HTTP or SSH. */
export function sameRepository(left: string, right: string): boolean {
  const one = placeOf(left);
  return one !== undefined && one === placeOf(right);
}

function placeOf(address: string): string | undefined {
  const text = address.trim().replace(/(\.git)?\/*$/, '');
  const ssh = /^(?:[\w.-]+@)([\w.-]+):(?!\/)(.+)$/.exec(text);
  if (ssh) {
    return `${ssh[1]}/${ssh[2]}`.toLowerCase();
  }
  if (!URL.canParse(text)) {
    return undefined;
  }
  const { protocol, host, hostname, pathname } = new URL(text);
  // The port of SSH says nothing about that of HTTP.
  const server = protocol === 'ssh:' ? hostname : host;
  return `${server}${pathname}`.toLowerCase();
}
