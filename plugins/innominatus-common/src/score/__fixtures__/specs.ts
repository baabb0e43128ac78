/** A spec that uses everything Score has. */
export const FULL_SPEC = `apiVersion: score.dev/v1b1
metadata:
  name: shop
  team: { name: blue }
  annotations:
    example.com/owner: team-blue
service:
  ports:
    web: { port: 80, targetPort: 8080 }
    metrics: { port: 9090, protocol: UDP }
containers:
  app:
    image: ghcr.io/acme/shop:1.4.2
    command: [/app]
    args: [--port, "8080"]
    variables:
      DB_URL: postgres://\${resources.db.user}@\${resources.db.host}/shop
      NAME: \${metadata.name}
      OWNER: \${metadata.annotations.example\\.com/owner}
    files:
      /etc/shop/app.yaml: { content: "host: \${resources.cache.host}", mode: "0644" }
      /etc/shop/logo.bin: { binaryContent: aGVsbG8= }
      /etc/shop/raw.txt: { content: "\${not a placeholder}", noExpand: true }
      /etc/shop/extra.txt: { source: files/extra.txt }
    volumes:
      /data: { source: "\${resources.data}", path: sub, readOnly: true }
    resources:
      limits: { cpu: "1", memory: 512Mi }
      requests: { cpu: 250m, memory: 128Mi }
    livenessProbe:
      httpGet: { path: /alive, port: 8080, scheme: HTTPS }
    readinessProbe:
      exec: { command: [/ready] }
  migrate:
    image: ghcr.io/acme/migrate:1.4.2
    before:
      app: { ready: complete }
resources:
  db: { type: postgres, class: small, params: { version: "16" } }
  cache: { type: redis, id: shared-cache }
  data: { type: volume }
  dns: { type: dns }
  route:
    type: route
    params: { host: "\${resources.dns.host}", rules: [{ to: "\${resources.db.host}" }] }
`;

/** The smallest spec, with a part appended or replaced. */
export function minimalSpec(
  options: { container?: string; rest?: string; metadata?: string } = {},
): string {
  const indent = (text: string, by: string) =>
    text
      .split('\n')
      .map(line => by + line)
      .join('\n');
  return [
    'apiVersion: score.dev/v1b1',
    'metadata:',
    '  name: shop',
    ...(options.metadata ? [indent(options.metadata, '  ')] : []),
    'containers:',
    '  main:',
    '    image: nginx:1.27',
    ...(options.container ? [indent(options.container, '    ')] : []),
    ...(options.rest ? [options.rest] : []),
    '',
  ].join('\n');
}
