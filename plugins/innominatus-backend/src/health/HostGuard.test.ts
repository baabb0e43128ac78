import { ConfigReader } from '@backstage/config';
import { HostGuard } from './HostGuard';

const guard = HostGuard.fromConfig(
  new ConfigReader({
    innominatus: { health: { allow: ['status.example.com:80'] } },
  }),
);

const check = (host: string, named = host) =>
  guard.check({ host, port: 80, outputs: { host: named } });

describe('HostGuard', () => {
  it.each([
    '127.0.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '[::1]',
    '::1%lo',
    '[::ffff:a9fe:a9fe]',
    '::a9fe:a9fe',
    'fe80::1%eth0',
    'fd20:ce::254',
    'fd00:ec2::254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2001::1',
  ])('keeps %s out, though an output names it', host => {
    expect(() => check(host, host.replace(/[[\]]/g, ''))).toThrow(
      'an address of this machine, its link or its cloud',
    );
  });

  it('lets private networks and the hosts of the configuration pass', () => {
    for (const host of ['10.1.2.3', 'fd12::1', 'db.example.com']) {
      expect(() => check(host)).not.toThrow();
    }
    expect(() => check('status.example.com', 'other')).not.toThrow();
  });

  it.each([
    'status.example.com:80/.evil.example',
    'status.example.com:80#.evil.example',
    'evil@status.example.com',
  ])('does not take %s for a host of the configuration', host => {
    expect(() => check(host, 'other')).toThrow('no output of the resource');
  });

  it('looks at what a name leads to when it connects', async () => {
    const { lookup } = check('2130706433');
    const error = await new Promise(resolve => {
      lookup('2130706433', { all: true }, resolve);
    });
    expect(String(error)).toContain('may not call');
  });
});
