import { Config } from '@backstage/config';
import {
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { LookupAddress, lookup as lookupHost } from 'node:dns';
import { BlockList, LookupFunction, isIP } from 'node:net';
import { HostAllowList, createHostAllowList } from '../stepTypes/hostAllowList';

const CONFIG_KEY = 'innominatus.health.allow';

/**
 * Addresses that no provider means: this machine, its links, and where clouds
 * keep the credentials of the machine. Private networks are not among them,
 * because that is where databases are.
 */
const FORBIDDEN = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  // Among them those that hold an IPv4 address, which could be any of the above.
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['fd20:ce::', 32],
  ['ff00::', 8],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, 'ipv6');
}

/** A place that a check wants to connect to. */
export interface CheckTarget {
  host: string;
  port: number;
  /** Outputs of the resource, which its provider gave. */
  outputs: JsonObject;
}

/**
 * Keeps health checks from being a way into the network.
 *
 * Params come from whoever writes a Score spec, outputs from the provider: a
 * host is called if an output names it, or if the configuration allows it. What
 * a name leads to is looked at again when the connection is made, so that a
 * name that changes its address in between gains nothing.
 */
export class HostGuard {
  readonly #allowList: HostAllowList;

  static fromConfig(config: Config): HostGuard {
    return new HostGuard(config.getOptionalStringArray(CONFIG_KEY) ?? []);
  }

  private constructor(allowed: string[]) {
    this.#allowList = createHostAllowList(allowed, CONFIG_KEY);
  }

  /** Throws a `StepFailure` that says how to allow the host. */
  check(target: CheckTarget): { lookup: LookupFunction } {
    const { host, port } = target;
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    if (this.#isListed(host, port)) {
      return { lookup: toLookup(() => true) };
    }
    if (!namesHost(target.outputs, bare.toLowerCase())) {
      throw new StepFailure(
        `The host "${host}" may not be called by a health check: no output of the resource names it. To allow it, add "${host}:${port}" to "${CONFIG_KEY}" in the configuration of the backend.`,
        { code: 'HOST_NOT_ALLOWED' },
      );
    }
    const version = isIP(bare);
    if (version !== 0 && isForbidden({ address: bare, family: version })) {
      throw forbidden(bare);
    }
    return { lookup: toLookup(address => !isForbidden(address)) };
  }

  #isListed(host: string, port: number): boolean {
    const text = isIP(host) === 6 ? `[${host}]` : host;
    return ['http', 'https'].some(protocol => {
      const address = `${protocol}://${text}:${port}`;
      if (!URL.canParse(address)) {
        return false;
      }
      const url = new URL(address);
      // Only what is a host and nothing else: a path or a user in it would have
      // another host looked up than the one that is allowed.
      return url.hostname === text.toLowerCase() && this.#allowList.allows(url);
    });
  }
}

function toLookup(isAllowed: (address: LookupAddress) => boolean) {
  const lookup: LookupFunction = (hostname, options, callback) => {
    lookupHost(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, []);
        return;
      }
      const [first] = addresses;
      const blocked = addresses.find(address => !isAllowed(address));
      if (blocked || !first) {
        callback(forbidden(hostname), []);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
  return lookup;
}

function forbidden(host: string): StepFailure {
  return new StepFailure(
    `"${host}" leads to an address of this machine, its link or its cloud, which a health check may not call. To allow the host, add it to "${CONFIG_KEY}" in the configuration of the backend.`,
    { code: 'HOST_NOT_ALLOWED' },
  );
}

function isForbidden({ address, family }: LookupAddress): boolean {
  return FORBIDDEN.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a value is the host, `host:port`, or a URL with it. */
function namesHost(value: JsonValue, host: string): boolean {
  if (typeof value === 'string') {
    const text = value.toLowerCase();
    if (text === host || text.replace(/:\d{1,5}$/, '') === host) {
      return true;
    }
    return (
      URL.canParse(value) &&
      new URL(value).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase() === host
    );
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some(
      child => child !== undefined && namesHost(child, host),
    )
  );
}
