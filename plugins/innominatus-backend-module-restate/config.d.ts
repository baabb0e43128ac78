import { HumanDuration } from '@backstage/types';

export interface Config {
  innominatus?: {
    engine?: {
      /** For the runtime `restate`. */
      restate?: {
        /** Where runs are handed to Restate, for example `http://restate:8080`. */
        ingressUrl: string;
        /**
         * Where this backend makes itself known to Restate, for example
         * `http://restate:9070`. Without it you register the address of the
         * backend yourself.
         */
        adminUrl?: string;
        /**
         * Where Restate can reach any backend, for example
         * `http://innominatus-steps:9080`. Default: `listen`.
         */
        advertisedUrl?: string;
        /** Where this backend waits for Restate. */
        listen?: {
          /** Default 127.0.0.1. Other addresses need `identityKeys`. */
          host?: string;
          /** Default 9080. */
          port?: number;
        };
        /**
         * Public keys of Restate, `publickeyv1_…`, as it prints them when it
         * starts. Requests that none of them signed are refused.
         */
        identityKeys?: string[];
        /**
         * Begins the names of the services in Restate, so that several
         * installations can share a cluster. Default `innominatus`.
         */
        servicePrefix?: string;
        /**
         * Sent to `ingressUrl` and `adminUrl` as a bearer token.
         * @visibility secret
         */
        token?: string;
        /** Longest wait for an answer of Restate. Default 10 seconds. */
        timeout?: HumanDuration | string;
      };
    };
  };
}
