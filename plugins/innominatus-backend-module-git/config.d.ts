export interface Config {
  innominatus?: {
    git?: {
      /**
       * Folder for copies of the repositories in `locations`. Only the user of
       * the backend may have access. Default `innominatus-git-<uid>` in
       * `backend.workingDirectory` or in the folder for temporary files.
       */
      cacheDirectory?: string;
    };
    stepTypes?: {
      git?: {
        /** Credentials by host, for HTTPS. */
        credentials?: Array<{
          /** Host as in the URL of the repository, with the port if it has one. */
          host: string;
          /** Default `git`; many servers take any name with a token. */
          username?: string;
          /**
           * Access token or password.
           *
           * @visibility secret
           */
          token: string;
        }>;
        /**
         * Hosts that repositories may lie on, with the port if they have one.
         * Default: any host but the metadata services of clouds.
         */
        allowedHosts?: string[];
        /** Allows `file://` repositories. For development; default false. */
        allowFile?: boolean;
        /** Who commits when a step does not say. */
        author?: {
          /** Default `innominatus`. */
          name?: string;
          /** Default `innominatus@localhost`. */
          email?: string;
        };
      };
    };
  };
}
