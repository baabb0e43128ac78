import { Config } from '@backstage/config';

const KEY = 'innominatus.locationWebhook.secrets';
const SHORTEST = 16;

/** Reads `innominatus.locationWebhook.secrets`. */
export function readWebhookSecrets(config: Config): string[] {
  const secrets = config.getOptionalStringArray(KEY) ?? [];
  secrets.forEach((secret, index) => {
    if (secret.length < SHORTEST) {
      throw new Error(
        `The secret at "${KEY}[${index}]" has ${secret.length} characters, at least ${SHORTEST} are needed. Make one with: openssl rand -base64 32`,
      );
    }
  });
  return secrets;
}
