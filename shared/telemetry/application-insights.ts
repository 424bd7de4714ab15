import type { TokenCredential } from '@azure/identity';
import { TelemetryClient } from 'applicationinsights';

/** What came of the last request of a flush. */
export type Sent =
  | { readonly sent: true }
  /** `status`: what the ingestion answered; absent where nobody did. */
  | { readonly sent: false; readonly status?: number; readonly code?: string };

export interface AvailabilityResult {
  readonly name: string;
  readonly success: boolean;
  readonly durationMs: number;
  readonly message: string;
}

/** Application Insights, through its SDK. Nothing is collected but what is handed over. */
export interface Telemetry {
  readonly event: (name: string, properties: Readonly<Record<string, string>>) => void;
  readonly availability: (result: AvailabilityResult) => void;
  /** Sends what was handed over. Resolves always, after some seconds where nobody answers. */
  readonly flush: () => Promise<Sent>;
}

/** Where Azure shows the results as coming from. */
const RUN_LOCATION = 'Mailbox Watch';

/**
 * With a credential, as components without local authentication want (role Monitoring Metrics Publisher). In a file of its own in the
 * deployed app: it is large, and loaded only where it is used.
 */
export function createTelemetry(connectionString: string, credential: TokenCredential | undefined): Telemetry {
  const answers: Sent[] = [];
  const client = new TelemetryClient(connectionString, { useGlobalProviders: false });
  const { config } = client;
  Object.assign(config, {
    enableAutoCollectConsole: false,
    enableAutoCollectExceptions: false,
    enableAutoCollectPerformance: false,
    enableAutoCollectRequests: false,
    enableAutoCollectDependencies: false,
    enableAutoCollectExternalLoggers: false,
  });
  config.samplingPercentage = 100;
  config.azureMonitorOpenTelemetryOptions = {
    enableLiveMetrics: false,
    enableStandardMetrics: false,
    azureMonitorExporterOptions: {
      connectionString,
      // What is not taken is tried again by the outbox, not from a file.
      disableOfflineStorage: true,
      ...(credential !== undefined && { credential }),
      // The SDK tells nobody what the ingestion answered.
      additionalPolicies: [
        {
          position: 'perRetry',
          policy: {
            name: 'mailboxWatchAnswer',
            sendRequest: async (request, next) => {
              try {
                const response = await next(request);
                const { status } = response;
                answers.push(status >= 200 && status < 300 ? { sent: true } : { sent: false, status });
                return response;
              } catch (error) {
                answers.push({ sent: false, code: codeOf(error) });
                throw error;
              }
            },
          },
        },
      ],
    },
  };
  return {
    event: (name, properties) => {
      client.trackEvent({ name, properties: { ...properties } });
    },
    availability: ({ name, success, durationMs, message }) => {
      client.trackAvailability({
        id: `${name} ${Date.now()}`,
        name,
        success,
        duration: durationMs,
        message,
        runLocation: RUN_LOCATION,
      });
    },
    async flush() {
      answers.length = 0;
      await client.flush();
      return answers.at(-1) ?? { sent: false };
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
}
