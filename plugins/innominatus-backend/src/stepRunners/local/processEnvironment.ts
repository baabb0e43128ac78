import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Set by the runner. */
const RESERVED = /^(?:PATH|HOME|TMPDIR|TMP|TEMP|INNOMINATUS_.*)$/;

/**
 * Variables that make another program, or more code, run than the one that is
 * allowed: of the loader, of the C library, of interpreters, and of Git and its
 * likes, which start programs that a variable names.
 */
const REFUSED = new RegExp(
  `^(?:${[
    'LD_.*',
    'DYLD_.*',
    '__XPC_.*',
    'GCONV_PATH',
    'GLIBC_TUNABLES',
    'LOCPATH',
    'NLSPATH',
    'MALLOC_.*',
    'HOSTALIASES',
    'BASH_ENV',
    'BASH_FUNC_.*',
    'BASHOPTS',
    'SHELLOPTS',
    'ENV',
    'IFS',
    'PS4',
    'SHELL',
    'PROMPT_COMMAND',
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE_REPL_.*',
    'PYTHON(?:STARTUP|PATH|HOME|INSPECT|BREAKPOINT|USERBASE)',
    'PERL5?(?:OPT|LIB|DB)',
    'RUBY(?:OPT|LIB|SHELL)',
    'GEM_(?:PATH|HOME)',
    '(?:_|JDK_)?JAVA_(?:TOOL_)?OPTIONS',
    'CLASSPATH',
    'LUA_(?:INIT|PATH|CPATH).*',
    'PHPRC',
    'PHP_INI_SCAN_DIR',
    'GIT_(?:SSH|SSH_COMMAND|PROXY_COMMAND|EXTERNAL_DIFF|EXEC_PATH|TEMPLATE_DIR|EDITOR|SEQUENCE_EDITOR|PAGER|ASKPASS)',
    'GIT_CONFIG.*',
    'SSH_ASKPASS',
    'SUDO_ASKPASS',
    'EDITOR',
    'VISUAL',
    'PAGER',
    'BROWSER',
    'LESSOPEN',
    'LESSCLOSE',
    'MANPAGER',
    'TF_CLI_.*',
    'ANSIBLE_(?:CONFIG|LIBRARY|.*_PLUGINS)',
    'HELM_PLUGINS',
    'OPENSSL_(?:CONF|ENGINES|MODULES)',
    'npm_config_.*',
    'NPM_CONFIG_.*',
  ].join('|')})$`,
);

/** Checks what a step declares and adds what every program gets. */
export function processEnvironment(options: {
  declared: Record<string, string>;
  path: string[];
  home: string;
  temporary: string;
  marker: string;
}): Record<string, string> {
  const { declared, path, home, temporary, marker } = options;
  for (const [name, value] of Object.entries(declared)) {
    if (!NAME.test(name)) {
      throw refuse(
        `"${name}" is not a name for an environment variable. Use letters, digits and underscores.`,
      );
    }
    if (RESERVED.test(name)) {
      throw refuse(
        `The environment variable "${name}" is set by the runner. Leave it out.`,
      );
    }
    if (REFUSED.test(name)) {
      throw refuse(
        `The environment variable "${name}" may not be set, because it can make other code run than the program that is allowed. Leave it out, or use an argument of the program.`,
      );
    }
    if (value.includes('\0')) {
      throw refuse(`The environment variable "${name}" contains a NUL.`);
    }
  }
  const [key, id] = marker.split('=');
  return {
    LANG: 'C.UTF-8',
    ...declared,
    PATH: path.join(':'),
    HOME: home,
    TMPDIR: temporary,
    [key]: id,
  };
}

function refuse(message: string): StepFailure {
  return new StepFailure(message, { code: 'ENVIRONMENT_REFUSED' });
}
