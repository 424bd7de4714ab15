import { app } from '@azure/functions';
import { once } from 'node:events';

// Without a listener the signal ends the process.
process.on('SIGUSR2', () => undefined);

app.hook.appStart((hook) => {
  hook.hookData['greeting'] = 'good bye';
});
app.hook.appTerminate((hook) => {
  process.stdout.write(`terminated: ${String(hook.hookData['greeting'])}\n`);
});
app.hook.preInvocation((hook) => {
  hook.hookData['name'] = hook.invocationContext.functionName;
});
app.hook.postInvocation((hook) => {
  hook.invocationContext.debug(`after ${String(hook.hookData['name'])}`);
  if (!(hook.error instanceof Error) || hook.error.message !== 'forgiven') return;
  hook.error = null;
  hook.result = { status: 299 };
});

app.http('echo', {
  route: 'echo/{name}/{times:int?}',
  handler: async (request, context) => {
    context.warn('heard', request.params['name']);
    return {
      status: 201,
      headers: { 'X-Method': request.method },
      jsonBody: {
        params: request.params,
        query: Object.fromEntries(request.query),
        header: request.headers.get('x-sample'),
        body: await request.text(),
      },
    };
  },
});
app.http('plain', { methods: ['GET'], route: 'echo/plain', handler: () => ({ body: 'plain' }) });
app.http('nothing', { methods: ['DELETE'], handler: () => ({ status: 204 }) });
app.http('fails', { handler: () => Promise.reject(new Error('secret detail')) });
app.http('forgiven', { handler: () => Promise.reject(new Error('forgiven')) });
app.http('crashes', {
  handler: async () => {
    void Promise.reject(new Error('nobody caught me'));
    await once(process, 'SIGUSR2');
    return {};
  },
});

app.timer('tick', {
  schedule: '%TICK_SCHEDULE%',
  handler: (timer, context) => {
    context.info(JSON.stringify(timer));
  },
});
/** Takes until it gets a signal. */
app.timer('holds', {
  schedule: '* * * * * *',
  runOnStartup: true,
  handler: async () => {
    await once(process, 'SIGUSR2');
  },
});
app.storageBlob('unknown', { path: 'a/{b}', connection: 'AzureWebJobsStorage', handler: () => undefined });
