export interface Config {
  innominatus?: {
    stepTypes?: {
      kubernetes?: {
        /**
         * Clusters that workflows may work on. A step names one with
         * `cluster`; else the environment does; else the only one is taken.
         */
        clusters?: Array<{
          /** Name that steps and environments use. */
          name: string;
          /** Address of the API server, `https://...`. */
          url?: string;
          /** Certificate of the authority that signed the server's, base64 of PEM. */
          caData?: string;
          /** Trusts any certificate. Only for trying things out. */
          skipTLSVerify?: boolean;
          /**
           * Token of a service account.
           *
           * @visibility secret
           */
          serviceAccountToken?: string;
          /** Path of a kubeconfig file, in place of `url`. */
          kubeconfig?: string;
          /** Context of the kubeconfig file. Default: its current one. */
          context?: string;
          /** The cluster that the backend itself runs in, in place of `url`. */
          inCluster?: boolean;
        }>;
      };
    };
  };
}
