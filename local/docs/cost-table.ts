/**
 * List prices of East US in USD, pay as you go: https://azure.microsoft.com/pricing/details/functions/, /storage/tables/,
 * /storage/queues/ and /monitor/ . Noted in November 2026; prices change, the arithmetic stays.
 */
const PRICES = {
  gbSecond: 0.000026,
  freeGbSeconds: 100_000,
  millionExecutions: 0.4,
  freeExecutions: 250_000,
  millionTableOperations: 0.036,
  millionQueueOperations: 0.4,
  gbOfLogs: 2.3,
  freeGbOfLogs: 5,
};

const RUNS_A_MONTH = 30 * 24 * 12;
/** As infra/app.bicep has it. */
const INSTANCE_GB = 0.5;
/** A check takes some 11 ms of a processor (docs/performance.md), and such an instance has about a quarter of one. */
const CHECKS_A_SECOND = 22;
/** What an instance is billed at least once it works: https://learn.microsoft.com/azure/azure-functions/functions-consumption-costs */
const LEAST_SECONDS = 1;
const BATCH = 10;
/** A read and a transaction for each mailbox, and a transaction for the summaries of a batch. */
const TABLE_OPERATIONS = 2.1;
/** Put, get, delete, and one look that finds nothing. */
const QUEUE_OPERATIONS = 4;
/** What the Functions host writes about an execution, before sampling. */
const LOG_KIB = 2;
/** What an availability result takes; test/channels/application-insights.test.ts measures it. */
export const RESULT_BYTES = 600;
/** Of a mailbox that opens over IMAP; what waits for another is not sent. */
const CHECKS_OF_A_MAILBOX = 7;
/** The other timers, the availability test and people who look. */
const OTHER_EXECUTIONS = 60_000;

const FLEETS = [10, 100, 1000, 10_000] as const;

/** What so many mailboxes cost a month in USD when they are checked every five minutes. Pure. */
export function monthlyCost(mailboxes: number) {
  const batches = Math.ceil(mailboxes / BATCH);
  const seconds = LEAST_SECONDS + Math.max(LEAST_SECONDS, mailboxes / CHECKS_A_SECOND);
  const gbSeconds = RUNS_A_MONTH * seconds * INSTANCE_GB + OTHER_EXECUTIONS * LEAST_SECONDS * INSTANCE_GB;
  const executions = RUNS_A_MONTH * (1 + batches) + OTHER_EXECUTIONS;
  const tableOperations = RUNS_A_MONTH * mailboxes * TABLE_OPERATIONS;
  const queueOperations = RUNS_A_MONTH * batches * QUEUE_OPERATIONS;
  const logsGb = (executions * LOG_KIB) / 2 ** 20;
  const functions =
    Math.max(0, gbSeconds - PRICES.freeGbSeconds) * PRICES.gbSecond +
    (Math.max(0, executions - PRICES.freeExecutions) / 1e6) * PRICES.millionExecutions;
  const storage =
    (tableOperations / 1e6) * PRICES.millionTableOperations + (queueOperations / 1e6) * PRICES.millionQueueOperations;
  const logs = Math.max(0, logsGb - PRICES.freeGbOfLogs) * PRICES.gbOfLogs;
  const lookGb = (mailboxes * RUNS_A_MONTH * RESULT_BYTES) / 2 ** 30;
  const results = { eachLook: lookGb * PRICES.gbOfLogs, eachCheck: lookGb * CHECKS_OF_A_MAILBOX * PRICES.gbOfLogs };
  return { results, gbSeconds, executions, tableOperations, queueOperations, logsGb, functions, storage, logs, all: functions + storage + logs };
}

/** The table of docs/cost.md. */
export function costTable(): string {
  const rows = FLEETS.map((mailboxes) => {
    const cost = monthlyCost(mailboxes);
    return [
      mailboxes.toLocaleString('en'),
      Math.round(cost.gbSeconds).toLocaleString('en'),
      cost.executions.toLocaleString('en'),
      usd(cost.functions),
      usd(cost.storage),
      `${cost.logsGb.toFixed(1)} GB, ${usd(cost.logs)}`,
      `${usd(cost.results.eachCheck)}, ${usd(cost.results.eachLook)}`,
      usd(cost.all),
    ];
  });
  const head = ['Mailboxes', 'GB-seconds', 'Executions', 'Functions', 'Table and queue', 'Logs', 'Results: each check, each look', 'A month'];
  return [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function usd(amount: number): string {
  return `${amount.toFixed(2)} USD`;
}
