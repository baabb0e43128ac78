import { Entity } from '@backstage/catalog-model';
import { workloadOf } from './workload';

function component(score: unknown, annotations = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'shop', namespace: 'default', annotations },
    spec: { score },
  } as Entity;
}

describe('workloadOf', () => {
  it('takes the name the catalog read out of the Score spec', () => {
    const entity = component({}, { 'innominatus.dev/workload': 'shop-web' });
    expect(workloadOf(entity)).toMatchObject({
      name: 'shop-web',
      entityRef: 'component:default/shop',
    });
  });

  it('falls back to the name of the component', () => {
    expect(workloadOf(component({})).name).toBe('shop');
  });

  it('keeps a spec that is text as it is, so that line numbers are true', () => {
    const score = 'apiVersion: score.dev/v1b1\n';
    expect(workloadOf(component(score))).toMatchObject({
      score,
      scoreIsSource: true,
    });
  });

  it('writes a spec that is an object as YAML', () => {
    const workload = workloadOf(component({ metadata: { name: 'a' } }));
    expect(JSON.parse(workload.score)).toEqual({ metadata: { name: 'a' } });
    expect(workload.scoreIsSource).toBe(false);
  });
});
