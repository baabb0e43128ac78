import { stepTitle } from './stepTitle';

describe('stepTitle', () => {
  it.each([
    [{ name: 'render', title: 'Render manifests' }, 'Render manifests'],
    [{ name: 'render' }, 'render'],
    [{ name: 'teams', title: 'Create ${item.key}' }, 'teams'],
  ])('calls %p "%s"', (step, title) => {
    expect(stepTitle(step)).toBe(title);
  });
});
