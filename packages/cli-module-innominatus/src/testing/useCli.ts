import { FakeBackend } from './FakeBackend';
import { CliResult, TestCli } from './TestCli';

/** Calls the program with these words, signed in to the backend of the test. */
type Run = (...argv: string[]) => Promise<CliResult>;

/** The program for the tests of a `describe`, built once for all of them. */
export function useTestCli(): TestCli {
  const cli = TestCli.prepare();
  beforeAll(() => cli.build());
  afterAll(() => cli.remove());
  return cli;
}

/** The same with a backend that starts anew for each test. */
export function useCli(): { cli: TestCli; backend: FakeBackend; run: Run } {
  const cli = useTestCli();
  const backend = FakeBackend.create();
  beforeEach(() => backend.listen());
  afterEach(() => backend.stop());
  return {
    cli,
    backend,
    run: (...argv) => cli.run(argv, { env: signedIn(backend) }),
  };
}

/** Environment of a program that needs no sign-in. */
export function signedIn(backend: FakeBackend): Record<string, string> {
  return { INNOMINATUS_TOKEN: 'token', INNOMINATUS_URL: backend.url };
}
