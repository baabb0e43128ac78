import { nearestNames } from './nearestNames';

describe('nearestNames', () => {
  const keys = ['image', 'command', 'readOnly', 'variables', 'volumes'];

  it('finds the name a typo stands for', () => {
    expect(nearestNames('imgae', keys)).toEqual(['image']);
    expect(nearestNames('comand', keys)).toEqual(['command']);
  });

  it('does not mind case and separators', () => {
    expect(nearestNames('read_only', keys)).toEqual(['readOnly']);
    expect(nearestNames('READONLY', keys)).toEqual(['readOnly']);
  });

  it('finds nothing where nothing is near', () => {
    expect(nearestNames('entrypoint', keys)).toEqual([]);
    expect(nearestNames('', keys)).toEqual([]);
  });

  it('stays cheap for names and lists without bounds', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `name-${i}`);
    const started = Date.now();
    expect(nearestNames('x'.repeat(1_000_000), many)).toEqual([]);
    nearestNames('name', many);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});
