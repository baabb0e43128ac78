import { Entity } from '@backstage/catalog-model';
import { ScoreEntityProcessor } from './ScoreEntityProcessor';

function component(score?: unknown): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'hello', annotations: { a: 'b' } },
    spec: { type: 'service', owner: 'team', ...(score ? { score } : {}) },
  } as Entity;
}

const SOUND = {
  apiVersion: 'score.dev/v1b1',
  metadata: { name: 'hello-world' },
  containers: { web: { image: 'nginx:1.27' } },
};

describe('ScoreEntityProcessor', () => {
  const processor = new ScoreEntityProcessor();

  it('leaves components without a Score spec and other kinds alone', async () => {
    const plain = component();
    expect(await processor.postProcessEntity(plain)).toBe(plain);
    const api = { ...component(SOUND), kind: 'API' };
    expect(await processor.postProcessEntity(api)).toBe(api);
  });

  it('names the workload of a sound spec in an annotation', async () => {
    const entity = await processor.postProcessEntity(component(SOUND));
    expect(entity.metadata.annotations).toEqual({
      a: 'b',
      'innominatus.dev/workload': 'hello-world',
    });
    expect(entity).not.toHaveProperty('status');
  });

  it('reads a spec that is given as text', async () => {
    const entity = await processor.postProcessEntity(
      component(
        'apiVersion: score.dev/v1b1\nmetadata: { name: from-text }\ncontainers: { web: { image: nginx } }\n',
      ),
    );
    expect(entity.metadata.annotations).toMatchObject({
      'innominatus.dev/workload': 'from-text',
    });
  });

  it('accepts a spec whose image is only given at deploy', async () => {
    const entity = await processor.postProcessEntity(
      component({ ...SOUND, containers: { web: { image: '.' } } }),
    );
    expect(entity).not.toHaveProperty('status');
  });

  it('keeps a component with a broken spec and shows the diagnostics as its error', async () => {
    const entity = await processor.postProcessEntity(
      component({
        ...SOUND,
        containers: { web: { imagee: 'nginx' } },
      }),
    );
    expect(entity.metadata.annotations).toEqual({ a: 'b' });
    expect(entity).toMatchObject({
      spec: { owner: 'team' },
      status: {
        items: [
          {
            type: 'backstage.io/catalog-processing',
            level: 'error',
            error: {
              name: 'InputError',
              message: expect.stringContaining('imagee'),
            },
          },
        ],
      },
    });
  });
});
