import { mockServices } from '@backstage/backend-test-utils';
import { readRuntimeType } from './readRuntimeType';

describe('the type of the engine', () => {
  const read = (type: string | undefined, installed: string[] = []) =>
    readRuntimeType(
      mockServices.rootConfig({ data: { innominatus: { engine: { type } } } }),
      installed,
    );

  it('is the embedded one when nothing is said', () => {
    expect(read(undefined, ['restate'])).toBe('embedded');
  });

  it('is one that a module brought', () => {
    expect(read('restate', ['restate'])).toBe('restate');
  });

  it('names the module that would bring a known type', () => {
    expect(() => read('restate')).toThrow(
      'The value of "innominatus.engine.type" is "restate", expected one of the installed runtimes: "embedded". Install the backend module "@innominatus/backstage-plugin-innominatus-backend-module-restate", which brings it.',
    );
  });

  it('names the installed types for a type that nobody knows', () => {
    expect(() => read('temporal', ['restate'])).toThrow(
      'expected one of the installed runtimes: "embedded", "restate".',
    );
  });
});
