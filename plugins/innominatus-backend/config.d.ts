import { HumanDuration } from '@backstage/types';

export interface Config {
  innominatus?: {
    /**
     * Folders and URLs with environments, golden paths, workflows and
     * providers, as YAML. Files are looked for in all folders below.
     */
    locations?: Array<{
      /** `file`, `url`, or what a module brings, such as `git`. */
      type: 'file' | 'url' | 'git' | string;
      /**
       * A folder or file, relative to the working directory of the backend, a
       * URL that `backend.reading.allow` and the integrations permit, or the
       * `https://` address of a Git repository.
       */
      target: string;
      /** Branch of a Git repository. Default its default branch. */
      branch?: string;
      /** Tag of a Git repository, in place of a branch. */
      tag?: string;
      /** Full id of a commit of a Git repository, in place of a branch. */
      commit?: string;
      /** Folder or file in a Git repository. Default all of it. */
      path?: string;
      /**
       * How often it is looked at. Default `refreshInterval`, 5 minutes for Git
       * repositories.
       */
      refreshInterval?: HumanDuration | string;
    }>;
    /** `POST /locations/webhook`, which Git servers call after a push. */
    locationWebhook?: {
      /**
       * Secrets that requests may be signed with, at least 16 characters each.
       * Several, so that one can be replaced by the next. Without one the route
       * refuses everything.
       *
       * @deepVisibility secret
       */
      secrets?: string[];
    };
    /** How often the locations are read again. Default 30 seconds. */
    refreshInterval?: HumanDuration | string;
    engine?: {
      /**
       * Which runtime works on new runs: `embedded`, in this backend and its
       * database, or one that a backend module brings, such as `restate`.
       * Runs that exist stay with the runtime they began with. Default
       * `embedded`.
       */
      type?: 'embedded' | 'restate' | string;
      /** Runs that this backend carries out at the same time. Default 20. */
      concurrency?: number;
      /**
       * How long a run belongs to a backend that stopped answering. Shorter
       * means a quicker takeover, longer less writing. Default 10 seconds.
       */
      leaseDuration?: HumanDuration | string;
      /** How long running steps may take to end on shutdown. Default 20 seconds. */
      shutdownGrace?: HumanDuration | string;
    };
    /** What resources cost, for the plans. */
    costs?: {
      /** Three letters. Default `EUR`. */
      currency?: string;
      /** They come before what providers say in `cost`. */
      prices?: Array<{
        type: string;
        /** Any class without it. */
        class?: string;
        /** Per month, whatever the parameters say. Default 0. */
        monthly?: number;
        /**
         * What parameters add, by their names: a price for each value, such as
         * `{ small: 0, large: 40 }`, or one for each unit, such as
         * `{ each: 0.12, unit: Gi }`.
         */
        params?: { [name: string]: { [value: string]: number | string } };
      }>;
    };
    /** How steps run programs, such as those of type `command`. */
    runner?: {
      /** `local`, or what a module brings. Default `local`. */
      type?: string;
      /** Programs on the machine of the backend. */
      local?: {
        /**
         * Programs that steps may run: absolute paths, or names that are looked
         * for in `path` when the backend starts. Default none. A shell or an
         * interpreter on the list lets whoever writes workflows run any code as
         * the user of the backend.
         */
        programs?: string[];
        /**
         * Folders with programs, as absolute paths; also the `PATH` that
         * programs get. Default the usual folders of Unix systems.
         */
        path?: string[];
        /**
         * Folder for the state of programs, which outlive a restart of the
         * backend. Only the user of the backend may have access. Default
         * `innominatus-processes-<uid>` in `backend.workingDirectory` or in the
         * folder for temporary files.
         */
        stateDirectory?: string;
        /**
         * What becomes of programs when the backend shuts down. `detach` leaves
         * them, and the next backend on the machine attaches to them. `finish`
         * waits as long as `engine.shutdownGrace` and then tells them to end,
         * because in a container they would be killed. Default `finish` in a
         * container and `detach` elsewhere.
         */
        onShutdown?: 'detach' | 'finish';
        /** Memory of one program with all that it starts. Default no limit. Linux only. */
        memoryBytes?: number;
      };
    };
    /** What is over is deleted after a while, once an hour. */
    retention?: {
      /**
       * How long ended runs are kept, with their steps, logs, artifacts and
       * secrets. The last run of an application, and the run that last worked
       * on a resource that still exists, stay. Default 90 days.
       */
      runs?: HumanDuration | string;
      /** How long the logs of ended runs are kept. Default 30 days. */
      logs?: HumanDuration | string;
      /**
       * How long runs are kept that looked at the health or the drift of a
       * resource. Default 1 day.
       */
      checks?: HumanDuration | string;
      /** How long the results of health checks are kept. Default 30 days. */
      health?: HumanDuration | string;
    };
    /** How the health of resources is looked after. */
    health?: {
      /** Checks that this backend makes at the same time. Default 10. */
      concurrency?: number;
      /**
       * Hosts that health checks may call beside those that the outputs of a
       * resource name, for example `*.example.com` or `localhost:8080`; also
       * needed for addresses of the machine of the backend. Default none.
       */
      allow?: string[];
    };
    /** How it is found out whether what is there is still what is recorded. */
    drift?: {
      /** Between two looks at the same thing, or `off`. Default 1 hour. */
      interval?: HumanDuration | string;
      /** Looks that this backend makes at the same time. Default 3. */
      concurrency?: number;
      /** Where it is only looked when somebody asks for it. */
      skip?: {
        /** Names of environments. */
        environments?: string[];
        environmentTypes?: string[];
        resourceTypes?: string[];
      };
    };
    limits?: {
      /**
       * Runs of a team that are in progress at the same time; more wait. The
       * team is the owner of the application or golden path, else who started
       * the run. Default: no limit.
       */
      runsPerTeam?: number;
      /** Runs in an environment that are in progress at the same time. Default: no limit. */
      runsPerEnvironment?: number;
      /**
       * Runs of a team that wait to begin. Starting more is answered with 429.
       * Default: no limit.
       */
      queuedRuns?: number;
      /** Steps of a workflow; checked when it is loaded. Default 500. */
      stepsPerWorkflow?: number;
      /** Longest `timeout` that a workflow may ask for. Default: no limit. */
      runDuration?: HumanDuration | string;
      /** Longest `timeout` that a step may ask for. Default: no limit. */
      stepDuration?: HumanDuration | string;
      /** Bytes that one attempt of a step may write to its log. Default 10485760. */
      stepLogBytes?: number;
    };
    environments?: {
      /**
       * Targets that environments may have which are made by the API. Those of
       * files, and copies made for branches, are not bound by it. Default: any.
       */
      allowedTargets?: Array<{
        /** `simulate`, `kubernetes`, `folder` or `git`. */
        type: string;
        /** Only for environments of these types. Default: all. */
        environmentTypes?: string[];
        /** A value that ends in `*` stands for all that begin so; so below. */
        cluster?: string;
        namespace?: string;
        repository?: string;
        branch?: string;
        path?: string;
      }>;
      /**
       * How long environments live, by type. Default for `ephemeral`: 24 hours,
       * at most 14 days; all others live until somebody removes them.
       */
      ttl?: {
        [type: string]: {
          /** Unless asked otherwise. */
          default?: HumanDuration | string;
          /** What can be asked for, from the start and when extended. */
          max?: HumanDuration | string;
        };
      };
    };
    encryption?: {
      /**
       * Keys for values marked secret. The first one encrypts, all of them
       * decrypt. In production secrets are refused without a key.
       */
      keys?: Array<{
        /** Name of the key; stored beside what it encrypted. */
        id: string;
        /**
         * At least 32 characters, for example of `openssl rand -base64 32`.
         * @visibility secret
         */
        secret: string;
      }>;
    };
    stepTypes?: {
      /** The only step types that workflows may use. Default: all that are installed. */
      allow?: string[];
      /** Step types that workflows may not use; wins over `allow`. */
      deny?: string[];
      http?: {
        /** Hosts that steps of type `http` may call, for example `*.example.com` or `localhost:8080`. Default none. */
        allow?: string[];
      };
      'write-manifests'?: {
        /** Folders below which steps of type `write-manifests` may write. Default none. */
        roots?: string[];
      };
    };
    /**
     * Services that may deploy to environments of type `production`. Users are
     * decided by the permission policy; services bypass it, so that production
     * needs this list.
     */
    serviceAccess?: Array<{
      /** Subject of the service, for example `external:ci`. */
      subject: string;
      /** Names of environments. */
      environments: string[];
    }>;
  };
}
