import { secretToken } from '../workflow/secretToken';
import { diffManifests } from './diff';
import { KubernetesObject } from './types';

const object = (
  kind: string,
  name: string,
  data: Record<string, string> = {},
): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  data,
});

describe('diffManifests', () => {
  it('tells field by field what an update changes, and masks secrets', () => {
    const token = secretToken('resource/1/password');
    const [change] = diffManifests(
      [object('ConfigMap', 'a', { x: '1', url: 'http://old' })],
      [
        object('ConfigMap', 'a', {
          x: '1',
          url: `http://${token}@new`,
          y: '2',
        }),
      ],
    );
    expect(change.changes).toEqual([
      { path: 'data.url', before: 'http://old', after: 'http://••••@new' },
      { path: 'data.y', after: '2' },
    ]);
  });

  it('tells what is created, updated, kept and deleted', () => {
    const before = [
      object('ConfigMap', 'a', { x: '1', y: '2' }),
      object('ConfigMap', 'b'),
      object('Service', 'gone'),
      object('Secret', 'gone'),
    ];
    const after = [
      object('ConfigMap', 'new'),
      object('ConfigMap', 'a', { y: '2', x: '1' }),
      object('ConfigMap', 'b', { z: '3' }),
    ];
    expect(
      diffManifests(before, after).map(
        change => `${change.action} ${change.kind} ${change.name}`,
      ),
    ).toEqual([
      'create ConfigMap new',
      'keep ConfigMap a',
      'update ConfigMap b',
      'delete Secret gone',
      'delete Service gone',
    ]);
  });

  it('takes another version of the API for the same object', () => {
    const changes = diffManifests(
      [{ ...object('CronJob', 'a'), apiVersion: 'batch/v1beta1' }],
      [{ ...object('CronJob', 'a'), apiVersion: 'batch/v1' }],
    );
    expect(changes).toMatchObject([
      { action: 'update', apiVersion: 'batch/v1' },
    ]);
  });

  it('masks secrets', () => {
    const [change] = diffManifests(
      [],
      [object('Secret', 'a', { pw: secretToken('r/1/pw') })],
    );
    expect(change.after).toContain('pw: ••••');
    expect(change.after).not.toContain('innominatus_secret');
  });
});
