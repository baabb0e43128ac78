/** What the editor shows to who opens it for the first time. */
export const SAMPLE = `apiVersion: score.dev/v1b1
metadata:
  name: hello
containers:
  web:
    image: nginx:1.27
    variables:
      DATABASE_HOST: \${resources.db.host}
service:
  ports:
    www:
      port: 80
resources:
  db:
    type: postgres
    params:
      size: small
`;
