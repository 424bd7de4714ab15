/** The Storage queue between the timer that plans and the function that checks, in the Functions storage account. */
export const BATCHES_QUEUE = { queueName: 'mailbox-watch-batches', connection: 'AzureWebJobsStorage' } as const;
