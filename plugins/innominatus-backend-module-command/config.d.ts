export interface Config {
  innominatus?: {
    runner?: {
      local?: {
        /**
         * Programs that steps may run: absolute paths, or names that are looked
         * for when the backend starts. Default none.
         */
        programs?: string[];
      };
    };
  };
}
