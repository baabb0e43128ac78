import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  HOME: '/nowhere',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'someone',
  GIT_AUTHOR_EMAIL: 'someone@example.com',
  GIT_COMMITTER_NAME: 'someone',
  GIT_COMMITTER_EMAIL: 'someone@example.com',
};

/** Real repositories, served by Git's own HTTP backend and as files. */
export class GitServer {
  readonly #root: string;
  readonly #server: Server;
  readonly #credentials: string;
  #names = 0;
  /** Runs before a push is let through. */
  beforePush: (() => void) | undefined;
  /** Answered in place of Git, for example a redirect. */
  answer: { status: number; headers: Record<string, string> } | undefined;

  static async start(credentials: string): Promise<GitServer> {
    const server = createServer();
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new GitServer(server, credentials);
  }

  private constructor(server: Server, credentials: string) {
    this.#root = mkdtempSync(join(tmpdir(), 'git-server-'));
    this.#server = server;
    this.#credentials = credentials;
    server.on('request', (request, response) => this.#serve(request, response));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An empty repository, or one with files on the branch `main`. */
  create(files?: Record<string, string>): { http: string; file: string } {
    this.#names += 1;
    const name = `repository-${this.#names}.git`;
    const file = `file://${join(this.#root, name)}`;
    this.git(this.#root, 'init', '--quiet', '--bare', '-b', 'main', name);
    this.git(join(this.#root, name), 'config', 'http.receivepack', 'true');
    if (files) {
      this.push(file, files);
    }
    return { http: `http://${this.host}/${name}`, file };
  }

  /** Somebody else's commit. */
  push(url: string, files: Record<string, string>, message?: string): void {
    const write = (clone: string) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(clone, name)), { recursive: true });
        writeFileSync(join(clone, name), text);
      }
    };
    this.#commit(url, write, message);
  }

  /** Somebody else's commit of a symbolic link. */
  pushLink(url: string, name: string, target: string): void {
    this.#commit(url, clone => symlinkSync(target, join(clone, name)));
  }

  /** Somebody merges a branch: as it is, or as one new commit. */
  merge(
    url: string,
    branch: string,
    options: { squash?: boolean; remove?: boolean } = {},
  ): void {
    this.#commit(url, clone => {
      this.git(clone, 'fetch', '--quiet', 'origin', branch);
      const how = options.squash ? ['--squash'] : ['--no-ff', '--no-edit'];
      this.git(clone, 'merge', '--quiet', ...how, 'FETCH_HEAD');
    });
    if (options.remove) {
      this.removeBranch(url, branch);
    }
  }

  removeBranch(url: string, branch: string): void {
    this.inspect(url, 'branch', '--quiet', '-D', branch);
  }

  #commit(
    url: string,
    change: (clone: string) => void,
    message = 'By someone',
  ): void {
    const clone = mkdtempSync(join(this.#root, 'clone-'));
    this.git(clone, 'clone', '--quiet', url, '.');
    this.git(clone, 'checkout', '--quiet', '-B', 'main');
    change(clone);
    this.git(clone, 'add', '--all');
    // A merge is a commit already.
    this.git(clone, 'commit', '--quiet', '--allow-empty', '-m', message);
    this.git(clone, 'push', '--quiet', 'origin', 'main');
  }

  /** Runs Git on the bare repository of a URL. */
  inspect(url: string, ...args: string[]): string {
    const name = url.slice(url.lastIndexOf('/') + 1);
    return this.git(join(this.#root, name), ...args);
  }

  /** Puts a hook into the repository of a URL. */
  hook(url: string, hook: string, script: string): void {
    const name = url.slice(url.lastIndexOf('/') + 1);
    writeFileSync(join(this.#root, name, 'hooks', hook), script, {
      mode: 0o755,
    });
  }

  git(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, {
      cwd,
      env: ENVIRONMENT,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
    rmSync(this.#root, { recursive: true, force: true });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const expected = `Basic ${Buffer.from(this.#credentials).toString('base64')}`;
    if (this.answer) {
      response.writeHead(this.answer.status, this.answer.headers).end();
      return;
    }
    if (request.headers.authorization !== expected) {
      response
        .writeHead(401, { 'www-authenticate': 'Basic realm="git"' })
        .end();
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (
      request.method === 'POST' &&
      url.pathname.endsWith('/git-receive-pack')
    ) {
      const action = this.beforePush;
      this.beforePush = undefined;
      action?.();
    }
    this.#runBackend(request, response, url);
  }

  /** CGI as RFC 3875 describes it. */
  #runBackend(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): void {
    const child = spawn('git', ['http-backend'], {
      env: {
        ...ENVIRONMENT,
        GIT_PROJECT_ROOT: this.#root,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'tester',
        REMOTE_ADDR: '127.0.0.1',
      },
    });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on('data', chunk => chunks.push(chunk));
    child.on('close', () => {
      const answer = Buffer.concat(chunks);
      const end = answer.indexOf('\r\n\r\n');
      const headers = answer
        .subarray(0, end)
        .toString('utf8')
        .split('\r\n')
        .map(line => line.split(/:\s*/, 2) as [string, string]);
      const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
      response.writeHead(
        parseInt(status, 10),
        Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
      );
      response.end(answer.subarray(end + 4));
    });
  }
}
