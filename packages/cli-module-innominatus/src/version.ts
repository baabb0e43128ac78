import packageJson from '../package.json';

/** Version of this command. */
export const cliVersion: string = packageJson.version;
